using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;

namespace Evergrain.Stores.Tests.Stores;

internal sealed class MemoryStore : IOpenStore
{
    public IEntityStore Entities { get; } = new MemoryEntityStore();
    public IClusterStore Cluster { get; } = new MemoryClusterStore();
    public IPackageStore Packages { get; } = new MemoryPackageStore();
    public ValueTask DisposeAsync() => default;
}
