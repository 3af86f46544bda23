using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Where one enrolled silo stands in the rollout's present phase.</summary>
public enum SiloStanding
{
    /// <summary>It has not said that it saw this phase, or, after the commit, does not serve the epoch.</summary>
    Waiting,
    Preparing,
    Prepared,
    /// <summary>It has no try left.</summary>
    Refused,
    /// <summary>What is to go is still there.</summary>
    Draining,
    /// <summary>What is to go was unloaded, but is held by something.</summary>
    Stuck,
    Done,
    Left,
}

/// <summary>Judges a silo by its report. Pure.</summary>
internal static class Standing
{
    public static IEnumerable<SiloStanding> Present(RolloutState state, DateTimeOffset now, RolloutOptions options) =>
        state.Record.Silos.Where(silo => !state.HasLeft(silo, now, options)).Select(silo => Of(state, silo));

    public static SiloStanding Of(RolloutState state, EnrolledSilo silo)
    {
        var rollout = state.Record.Rollout!;
        if (state.ReportOf(silo) is not { } report || report.RolloutId != rollout.Id) return SiloStanding.Waiting;
        if (rollout.Prepares) return BeforeCommit(rollout, report);
        return rollout.Epoch is { } epoch ? AfterCommit(state.Record.Release, rollout, report, epoch) : AfterAbort(state.Record.Release, rollout, report);
    }

    // Counted by digest: what a silo says of another package, or of the same version with other bytes, proves nothing.
    static SiloStanding BeforeCommit(Rollout rollout, SiloReport report)
    {
        var states = rollout.Packages.Select(package => report.Packages.FirstOrDefault(row => row.Package == package)?.State).ToList();
        return states.All(state => state is PrepareState.Prepared) ? SiloStanding.Prepared
            : states.Contains(PrepareState.Refused) ? SiloStanding.Refused
            : states.All(state => state is null) ? SiloStanding.Waiting
            : SiloStanding.Preparing;
    }

    static SiloStanding AfterCommit(Release release, Rollout rollout, SiloReport report, long epoch) =>
        report.Epoch < epoch || report.Phase is not (RolloutPhase.Draining or RolloutPhase.Permanent)
            ? SiloStanding.Waiting
            : Going(rollout.Replaced, release, report);

    static SiloStanding AfterAbort(Release release, Rollout rollout, SiloReport report) =>
        report.Phase is not (RolloutPhase.Aborting or RolloutPhase.Aborted)
            ? SiloStanding.Waiting
            : Going(rollout.Packages.Except(release.Packages), release, report);

    static SiloStanding Going(IEnumerable<PackageRef> packages, Release release, SiloReport report)
    {
        var slots = Remaining(packages, release, report).ToList();
        return slots.Count == 0 ? SiloStanding.Done : slots.All(slot => slot.State is SlotState.Stuck) ? SiloStanding.Stuck : SiloStanding.Draining;
    }

    /// <summary>Slots of packages that should be gone. A version that the release names as migrator may be loaded again for that, so only
    /// its draining slot counts.</summary>
    public static IEnumerable<SlotStatus> Remaining(IEnumerable<PackageRef> packages, Release release, SiloReport report)
    {
        foreach (var package in packages)
        foreach (var slot in report.Slots.Where(slot => slot.Digest == package.Digest))
        {
            var going = slot.State is SlotState.Draining or SlotState.Stuck;
            var there = slot.State is SlotState.Preparing or SlotState.Ready or SlotState.Serving && !release.Migrators.Contains(package);
            if (going || there) yield return slot;
        }
    }
}
