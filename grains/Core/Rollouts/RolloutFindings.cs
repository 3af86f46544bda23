using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>What a rollout's status says went wrong. Pure.</summary>
internal static class RolloutFindings
{
    // More than any one rollout can need; a record must stay small.
    const int Limit = 1000;

    public static IReadOnlyList<Finding> Union(IReadOnlyList<Finding> first, IEnumerable<Finding> more) => [.. first.Concat(more).Distinct().Take(Limit)];

    /// <summary>What the silos found while they prepared.</summary>
    public static IEnumerable<Finding> Reported(RolloutState state) => Reported(state, static package => package.State is PrepareState.Prepared ? [] : package.Findings);

    /// <summary>What they found and the operator accepts.</summary>
    public static IEnumerable<Finding> Accepted(RolloutState state) => Reported(state, static package => package.Accepted);

    static IEnumerable<Finding> Reported(RolloutState state, Func<PackageReport, IReadOnlyList<Finding>> which) =>
        from silo in state.Record.Silos
        let report = state.ReportOf(silo)
        where report is not null && state.Record.Rollout is { Prepares: true } rollout && report.RolloutId == rollout.Id
        from package in report.Packages
        from finding in which(package)
        select finding with { Silo = finding.Silo ?? silo.Id, Module = finding.Module ?? package.Package.ToString() };

    public static Finding Deadline(Rollout rollout, IEnumerable<string> notReady) => new("rollout/deadline", rollout.Id,
        $"Not every silo had prepared within {rollout.Allowed.TotalSeconds:0.###} s: {Names(notReady)}.",
        "Look at the silos' findings, or start the rollout again with a longer deadline.");

    public static Finding Aborted(Rollout rollout, string actor, string? reason) => new("rollout/abort-asked", rollout.Id,
        $"{actor} gave the rollout up{(string.IsNullOrWhiteSpace(reason) ? "" : $": {reason}")}.", "Start it again when you are ready.");

    public static Finding UndoneWhileDraining(Rollout rollout) => new("rollout/undone-while-draining", rollout.Id,
        "An undo was asked for before the replaced versions were gone.", "Follow the undo's own rollout.");

    /// <summary>What is not as it should be when patience ends, after a commit or an abort.</summary>
    public static IEnumerable<Finding> Leftovers(RolloutState state, IEnumerable<PackageRef> toGo)
    {
        var record = state.Record;
        foreach (var silo in record.Silos)
        {
            if (Standing.Of(state, silo) is SiloStanding.Waiting) yield return Behind(record, silo);
            else foreach (var slot in Standing.Remaining(toGo, record.Release, state.ReportOf(silo)!)) yield return Remains(silo, slot);
        }
    }

    static Finding Behind(ClusterRecord record, EnrolledSilo silo) => new("rollout/silo-behind", silo.Id,
        $"{silo.Id} has not come up with epoch {record.Epoch}.", "Look at its log; a silo that cannot come up is replaced by stopping it.") { Silo = silo.Id };

    static Finding Remains(EnrolledSilo silo, SlotStatus slot) => new(
        slot.State is SlotState.Stuck ? "rollout/slot-stuck" : "rollout/slot-remains", $"{slot.Name}@{slot.Version}",
        $"The version was not gone from {silo.Id}: {slot.State.ToString().ToLowerInvariant()}, {slot.Leases} leases, held by {Names(slot.Holders)}.",
        "Look at the holders; the version's memory comes back once they let go or the silo restarts.") { Silo = silo.Id, Module = $"{slot.Name}@{slot.Version}" };

    static string Names(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "nothing known";
}
