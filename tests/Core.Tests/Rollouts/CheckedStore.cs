using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>The store that all share, with the promises that every write must keep: checked against what the silos really hold, not against
/// what they reported. A breach is told to the world, for who writes may catch what is thrown at it.</summary>
sealed class CheckedStore(World world) : IClusterStore
{
    readonly MemoryClusterStore inner = new();
    readonly Dictionary<long, Release> committed = new() { [0] = Release.None };

    public List<ClusterRecord> Written { get; } = [];

    public ValueTask<ClusterRecord> Read(CancellationToken cancellation) => inner.Read(cancellation);
    public ValueTask<ClusterHistory> History(CancellationToken cancellation) => inner.History(cancellation);

    public async ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
    {
        var before = await inner.Read(default);
        var outcome = await inner.Write(next, expectedEtag, cancellation);
        if (outcome is not ClusterWriteOutcome.Written written) return outcome;
        Written.Add(written.Record);
        if (before.Etag != expectedEtag) world.Breach("P6: a stale write went through.");
        if (next.Epoch != before.Epoch) Committed(before, next);
        if (!ReferenceEquals(committed[next.Epoch], next.Release)) world.Breach($"P6: epoch {next.Epoch} has two releases.");
        return outcome;
    }

    void Committed(ClusterRecord before, ClusterRecord next)
    {
        if (next.Epoch != before.Epoch + 1 || !committed.TryAdd(next.Epoch, next.Release)) world.Breach($"P6: epoch {next.Epoch} was committed after {before.Epoch}.");
        if (next.Silos.Count == 0) world.Breach($"P10: nobody prepared epoch {next.Epoch}.");
        foreach (var enrolled in next.Silos)
        {
            var silo = world.Everyone.Single(silo => silo.Agent.Instance == enrolled.Instance);
            foreach (var package in next.Release.Packages.Where(package => !silo.Modules.Has(package)))
                world.Breach($"P10: epoch {next.Epoch} was committed, but {silo.Id} has not prepared {package}.");
        }
        foreach (var dropped in before.Silos.Where(silo => next.Silos.All(other => other.Instance != silo.Instance) && !world.MayLeave(silo.Id)))
            world.Breach($"P10: {dropped.Id} was left out of epoch {next.Epoch}, but it lives.");
    }
}
