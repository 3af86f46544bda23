using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;

namespace Evergrain.Embedded;

/// <summary>The stores as one silo reaches them: a silo that was killed reaches nothing, though its tasks may run on.</summary>
internal sealed class MortalEntityStore(IEntityStore store, Func<bool> dead) : IEntityStore
{
    public StoreCapabilities Capabilities => store.Capabilities;
    public ValueTask<EntityRecord?> Read(EntityId id) => Alive().Read(id);
    public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes) => Alive().Write(writes);
    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => Alive().WakeUps();
    public ValueTask<EntityPage> List(EntityQuery query) => Alive().List(query);

    IEntityStore Alive() => dead() ? throw new StoreUnavailableException("this silo is dead.") : store;
}

/// <inheritdoc cref="MortalEntityStore"/>
internal sealed class MortalClusterStore(IClusterStore store, Func<bool> dead) : IClusterStore
{
    public ValueTask<ClusterRecord> Read(CancellationToken cancellation) => Alive().Read(cancellation);
    public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation) => Alive().Write(next, expectedEtag, cancellation);
    public ValueTask<ClusterHistory> History(CancellationToken cancellation) => Alive().History(cancellation);

    IClusterStore Alive() => dead() ? throw new StoreUnavailableException("this silo is dead.") : store;
}
