using Evergrain.Core.Rollouts;

namespace Evergrain.CrashPoints.Victim;

/// <summary>The real store of releases; with its tooth, one that remembers writes only as long as its process lives.</summary>
internal sealed class LyingClusterStore(IClusterStore store, Tooth tooth) : IClusterStore
{
    readonly MemoryClusterStore lost = new();

    public ValueTask<ClusterHistory> History(CancellationToken cancellation) => Real.History(cancellation);
    public ValueTask<ClusterRecord> Read(CancellationToken cancellation) => Real.Read(cancellation);
    public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation) => Real.Write(next, expectedEtag, cancellation);

    IClusterStore Real => tooth == Tooth.LosesReleases ? lost : store;
}
