using System.Collections.Immutable;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>What a version grain knows: the record as last read, and what it has heard since it began. Only the record outlives it.</summary>
public sealed record RolloutState
{
    public required ClusterRecord Record { get; init; }

    /// <summary>The newest report of each silo.</summary>
    public ImmutableSortedDictionary<string, SiloReport> Reports { get; init; } = ImmutableSortedDictionary.Create<string, SiloReport>(StringComparer.Ordinal);

    /// <summary>Enrolled silos, by instance, that are not among the live ones, and since when. A silo that comes back under its old name has
    /// not been missing, and one that reports is there, whatever an older view of the membership says.</summary>
    public ImmutableSortedDictionary<Guid, DateTimeOffset> Missing { get; init; } = ImmutableSortedDictionary<Guid, DateTimeOffset>.Empty;

    /// <summary>When this version grain first saw the rollout in its phase: a clock starts anew with a new version grain, and never shrinks.</summary>
    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>When the rollout is given up if it is not committed.</summary>
    public required DateTimeOffset Deadline { get; init; }

    public static RolloutState Begin(ClusterRecord record, DateTimeOffset now) =>
        new() { Record = record, PhaseSince = now, Deadline = now + (record.Rollout?.Allowed ?? TimeSpan.Zero) };

    /// <summary>The report that counts for an enrolled silo: of this life of it, or null.</summary>
    public SiloReport? ReportOf(EnrolledSilo silo) => Reports.GetValueOrDefault(silo.Id) is { } report && report.Instance == silo.Instance ? report : null;

    public bool HasLeft(EnrolledSilo silo, DateTimeOffset now, RolloutOptions options) =>
        Missing.TryGetValue(silo.Instance, out var since) && now - since >= options.LeftAfter;

    /// <summary>The running rollout as an operator sees it now.</summary>
    public RolloutStatus? Status(DateTimeOffset now, RolloutOptions options) => Record.Rollout is not { } rollout ? null
        : rollout.Ended ? rollout.ToStatus()
        : rollout.ToStatus(Deadline, SiloRows.Of(this, now, options), RolloutFindings.Union(rollout.Findings, RolloutFindings.Reported(this)),
            RolloutFindings.Union(rollout.Accepted, RolloutFindings.Accepted(this)));

    internal RolloutState Take(ClusterRecord read, DateTimeOffset now)
    {
        var (before, after) = (Record.Rollout, read.Rollout);
        var enrolled = read.Silos.Select(silo => silo.Id).ToHashSet();
        var instances = read.Silos.Select(silo => silo.Instance).ToHashSet();
        return this with
        {
            Record = read,
            Deadline = before?.Id == after?.Id ? Deadline : now + (after?.Allowed ?? TimeSpan.Zero),
            PhaseSince = before?.Id == after?.Id && before?.Phase == after?.Phase ? PhaseSince : now,
            Reports = Reports.RemoveRange(Reports.Keys.Where(silo => !enrolled.Contains(silo))),
            Missing = Missing.RemoveRange(Missing.Keys.Where(instance => !instances.Contains(instance))),
        };
    }

    internal RolloutState Take(SiloReport report) =>
        Reports.TryGetValue(report.Silo, out var known) && known.Instance == report.Instance && known.Sequence >= report.Sequence
            ? this
            : this with { Reports = Reports.SetItem(report.Silo, report), Missing = Missing.Remove(report.Instance) };

    internal RolloutState Take(IReadOnlyCollection<string> live, DateTimeOffset now)
    {
        var missing = Missing;
        foreach (var silo in Record.Silos)
            missing = live.Contains(silo.Id) ? missing.Remove(silo.Instance) : missing.ContainsKey(silo.Instance) ? missing : missing.Add(silo.Instance, now);
        return this with { Missing = missing };
    }
}
