using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>The store that all share, with the promises that every write must keep: checked against what the silos really hold, not against
/// what they reported.</summary>
sealed class CheckedStore(World world) : IClusterStore
{
    readonly MemoryClusterStore inner = new();
    readonly Dictionary<long, Release> committed = [];

    public List<ClusterRecord> Written { get; } = [];

    public ValueTask<ClusterRecord> Read(CancellationToken cancellation) => inner.Read(cancellation);
    public ValueTask<ClusterHistory> History(CancellationToken cancellation) => inner.History(cancellation);

    public async ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
    {
        var before = await inner.Read(default);
        var outcome = await inner.Write(next, expectedEtag, cancellation);
        if (outcome is not ClusterWriteOutcome.Written written) return outcome;
        Written.Add(written.Record);
        if (next.Epoch != before.Epoch) Committed(before, next);
        Assert.True(next.Epoch == 0 || ReferenceEquals(committed[next.Epoch], next.Release), "P6: an epoch has two releases.");
        return outcome;
    }

    void Committed(ClusterRecord before, ClusterRecord next)
    {
        Assert.Equal(before.Epoch + 1, next.Epoch);
        Assert.True(committed.TryAdd(next.Epoch, next.Release), "P6: an epoch was committed twice.");
        Assert.NotEmpty(next.Silos);
        foreach (var enrolled in next.Silos)
        {
            var silo = world.Everyone.Single(silo => silo.Agent.Instance == enrolled.Instance);
            foreach (var package in next.Release.Packages)
                Assert.True(silo.Modules.Has(package), $"P10: committed epoch {next.Epoch}, but {silo.Id} has not prepared {package}.");
        }
        foreach (var dropped in before.Silos.Where(silo => next.Silos.All(other => other.Instance != silo.Instance)))
            Assert.True(world.MayLeave(dropped.Id), $"P10: {dropped.Id} was left out of epoch {next.Epoch}, but it lives.");
    }
}
