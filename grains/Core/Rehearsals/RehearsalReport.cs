using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rehearsals;

/// <summary>What a silo found when it tried its live state on a version.</summary>
/// <param name="Findings">The first of each sort; <paramref name="Count"/> has them all.</param>
public sealed record RehearsalReport(RehearsalCount Count, IReadOnlyList<Finding> Findings)
{
    public static readonly RehearsalReport Empty = new(RehearsalCount.None, []);
}

/// <summary>Collects what is found. Used by one thread at a time.</summary>
internal sealed class RehearsalTally(ModuleId candidate, int shown)
{
    readonly List<Finding> findings = [];
    readonly Dictionary<string, int> told = new(StringComparer.Ordinal);
    RehearsalCount count = RehearsalCount.None;

    public RehearsalReport Report => new(count, [.. findings]);

    public void Tried() => count = count with { Entities = count.Entities + 1 };
    public void Looked() => count = count with { Entries = count.Entries + 1 };

    public void Failed(EntityId entity, string why)
    {
        count = count with { Failures = count.Failures + 1 };
        Tell(RehearsalRule.Failed, entity, $"{entity} cannot be brought to {candidate}: {why}", "Mend the step or the type, and publish another version.");
    }

    public void Different(EntityId entity, string difference)
    {
        count = count with { Differences = count.Differences + 1 };
        Tell(RehearsalRule.Different, entity, $"{entity} would not come back from {candidate} as it is: {difference}",
            "Mend the step down, or accept what an undo would lose: --accept-differences, \"acceptDifferences\": true.");
    }

    public void Misfit(EntityId entity, string what, string why)
    {
        count = count with { Misfits = count.Misfits + 1 };
        Tell(RehearsalRule.EntryMisfit, entity, $"{what} of {entity} would have to wait while {candidate} serves: {why}",
            "Keep the operation and what it takes, or accept that such entries wait: --accept-differences, \"acceptDifferences\": true.");
    }

    public void Interrupted(string why) =>
        findings.Add(new Finding(RehearsalRule.Interrupted, candidate.ToString(), $"The rehearsal of {candidate} did not end: {why}", "It is tried again; if it stays, look at the silo's log.") { Module = candidate.ToString() });

    void Tell(string code, EntityId entity, string message, string next)
    {
        var number = told[code] = told.GetValueOrDefault(code) + 1;
        if (number <= shown) findings.Add(new Finding(code, entity.ToString(), message, next) { Module = candidate.ToString() });
    }
}
