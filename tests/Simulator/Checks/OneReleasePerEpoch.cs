using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P6: one committed release per epoch; the record goes only where a rollout may go, whoever writes it; silos route by nothing else.</summary>
internal sealed class OneReleasePerEpoch(Known known) : Checker("P6")
{
    // A silo counts as left once it was missing for a second.
    static readonly TimeSpan LeftAfter = TimeSpan.FromSeconds(1);

    // A silo's clock is set by so much at most.
    static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(0.8);

    // From a view that was lost or late until what it was decided by is written: said again after a second, and late again; missing for a second and
    // until the next look; written to a store that is late.
    static readonly TimeSpan StaleView = TimeSpan.FromSeconds(5);

    static readonly HashSet<(RolloutPhase, RolloutPhase)> steps =
    [
        (RolloutPhase.Requested, RolloutPhase.Preparing), (RolloutPhase.Preparing, RolloutPhase.Prepared), (RolloutPhase.Prepared, RolloutPhase.Draining), (RolloutPhase.Draining, RolloutPhase.Permanent),
        (RolloutPhase.Requested, RolloutPhase.Aborting), (RolloutPhase.Preparing, RolloutPhase.Aborting), (RolloutPhase.Prepared, RolloutPhase.Aborting), (RolloutPhase.Aborting, RolloutPhase.Aborted),
    ];

    readonly HashSet<Guid> writes = [];
    readonly HashSet<string> rollouts = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case RecordStored stored:
                See(stored, stored.Before, stored.After);
                break;
            case SiloRoutes routes:
                See(routes);
                break;
            case CodeRan ran when !known.Releases.Served(ran.Module.Name, ran.Module.Version, long.MaxValue):
                Broken(ran.At, $"{ran.Module} ran on {ran.Silo}, and no release was ever committed with it.");
                break;
        }
    }

    void See(RecordStored stored, ClusterRecord before, ClusterRecord after)
    {
        if (!writes.Add(after.WriteId)) Broken(stored.At, $"{stored.By} wrote the same record twice.");
        if (after.Incarnation != before.Incarnation) Broken(stored.At, $"the incarnation went from {before.Incarnation} to {after.Incarnation}.");
        var commits = before.Rollout is { Phase: RolloutPhase.Prepared } prepared && after.Rollout is { Phase: RolloutPhase.Draining } draining && prepared.Id == draining.Id;
        if (commits) Commit(stored, before, after);
        else if (after.Epoch != before.Epoch || !Same(before.Release.Packages, after.Release.Packages) || !Same(before.Release.Migrators, after.Release.Migrators))
            Broken(stored.At, $"the release went from epoch {before.Epoch} to {after.Epoch} where nothing was committed.");
        Move(stored, before.Rollout, after.Rollout);
        Silos(stored, before, after);
    }

    void Commit(RecordStored stored, ClusterRecord before, ClusterRecord after)
    {
        var (rollout, release) = (before.Rollout!, after.Release);
        if (after.Epoch != before.Epoch + 1) Broken(stored.At, $"epoch {after.Epoch} was committed after {before.Epoch}.");
        if (rollout.DryRun) Broken(stored.At, $"rollout {rollout.Id} is a dry run and was committed.");
        if (release.RolloutId != rollout.Id || after.Rollout!.Epoch != after.Epoch || rollout.FromEpoch != before.Epoch) Broken(stored.At, $"epoch {after.Epoch} is of rollout {release.RolloutId}, planned against {rollout.FromEpoch}; {rollout.Id} was prepared.");
        if (!Same(release.Packages, rollout.Packages) || !Same(release.Migrators, rollout.Migrators)) Broken(stored.At, $"epoch {after.Epoch} is not what rollout {rollout.Id} had prepared.");
    }

    void Move(RecordStored stored, Rollout? before, Rollout? after)
    {
        if (ReferenceEquals(before, after)) return;
        if (after is null) Broken(stored.At, $"the record forgot rollout {before!.Id}.");
        else if (before?.Id != after.Id)
        {
            if (before is { Ended: false }) Broken(stored.At, $"rollout {after.Id} began while {before.Id} was {before.Phase}.");
            if (after.Phase is not RolloutPhase.Requested || !rollouts.Add(after.Id)) Broken(stored.At, $"rollout {after.Id} began as {after.Phase}.");
        }
        else if (before.Ended) Broken(stored.At, $"rollout {after.Id} had ended as {before.Phase} and was changed.");
        else
        {
            if (before.Phase != after.Phase && !steps.Contains((before.Phase, after.Phase))) Broken(stored.At, $"rollout {after.Id} went from {before.Phase} to {after.Phase}.");
            if (!Same(before.Packages, after.Packages) || before.DryRun != after.DryRun || before.Actor != after.Actor || before.FromEpoch != after.FromEpoch || before.Undoes != after.Undoes)
                Broken(stored.At, $"rollout {after.Id} is not what was asked for any more.");
        }
    }

    // A silo writes itself in and out. Another takes it out only when it was gone for a while.
    void Silos(RecordStored stored, ClusterRecord before, ClusterRecord after)
    {
        if (ReferenceEquals(before.Silos, after.Silos)) return;
        foreach (var silo in after.Silos)
            if (!before.Silos.Any(known => known.Instance == silo.Instance) && silo.Id != stored.By) Broken(stored.At, $"{stored.By} wrote {silo.Id} into the record.");
        foreach (var silo in before.Silos)
        {
            if (silo.Id == stored.By || after.Silos.Any(kept => kept.Instance == silo.Instance)) continue;
            // Who was not told of a silo, neither by the membership nor by itself, may take it for gone; it enrols again.
            var left = known.Silos.Find(silo.Instance)?.Left;
            if (!known.Troubles.ViewOfWasLateSince(stored.By, stored.At - StaleView) && (left is null || stored.At - left < MissingFor(stored, left.Value)))
                Broken(stored.At, $"{stored.By} took {silo.Id} out of the record, {(left is { } at ? $"{(stored.At - at).TotalMilliseconds} ms after it went" : "though it is there")}.");
        }
    }

    // By the clock of who writes, which may have been set meanwhile.
    TimeSpan MissingFor(RecordStored stored, TimeSpan left) => known.Troubles.ClockWasSetSince(stored.By, left) ? LeftAfter - LargestSkew : LeftAfter;

    void See(SiloRoutes routes)
    {
        if (known.Releases.At(routes.Epoch) is not { } release) Broken(routes.At, $"{routes.Silo} routes by epoch {routes.Epoch}, which was never committed.");
        else if (!release.Packages.ToHashSet().SetEquals(routes.Slots.Select(slot => slot.Package))) Broken(routes.At, $"{routes.Silo} routes by something else than the release of epoch {routes.Epoch}.");
    }

    static bool Same(IReadOnlyList<Runtime.PackageRef> one, IReadOnlyList<Runtime.PackageRef> other) => ReferenceEquals(one, other) || one.SequenceEqual(other);
}
