using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Victim;

/// <summary>The real store of releases and rollouts, with each call counted by what it is.</summary>
internal sealed class WatchedClusterStore(IClusterStore store, Executioner executioner) : IClusterStore
{
    volatile ClusterRecord last = ClusterRecord.First;

    public ValueTask<ClusterRecord> Read(CancellationToken cancellation) => executioner.Watch(StoreCall.ClusterRead, async () => last = await store.Read(cancellation));

    public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation) => executioner.Watch(Kind(next), async () =>
    {
        var outcome = await store.Write(next, expectedEtag, cancellation);
        if (outcome is ClusterWriteOutcome.Written written) last = written.Record;
        return outcome;
    });

    public ValueTask<ClusterHistory> History(CancellationToken cancellation) => executioner.Watch(StoreCall.History, () => store.History(cancellation));

    StoreCall Kind(ClusterRecord next) => next.Rollout is not { } rollout || rollout.Id == last.Rollout?.Id && rollout.Phase == last.Rollout.Phase ? StoreCall.EnrolWrite : rollout.Phase switch
    {
        RolloutPhase.Requested => StoreCall.RequestedWrite,
        RolloutPhase.Preparing => StoreCall.PreparingWrite,
        RolloutPhase.Prepared => StoreCall.PreparedWrite,
        RolloutPhase.Draining => StoreCall.CommitWrite,
        RolloutPhase.Permanent => StoreCall.PermanentWrite,
        RolloutPhase.Aborting => StoreCall.AbortingWrite,
        _ => StoreCall.AbortedWrite,
    };
}
