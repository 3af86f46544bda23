using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>One silo of a test, with ports that refuse everything once it was killed.</summary>
internal sealed class TestSilo : IEntityCaller, IEntityStore
{
    readonly World world;

    public TestSilo(World world, string id, params ModuleSlot[] slots)
    {
        (this.world, Id) = (world, id);
        Tables.Serve(1, slots);
        Entities = new EntitySilo(new EntitySiloPorts
        {
            SiloId = id, Modules = Tables, Store = this, Caller = this, Publish = world.Publish, CatchUp = epoch => CatchUp(epoch),
            BelongsHere = entity => world.Home(entity) == this, Claim = Claim, Time = world.Time, Executor = world.Executor, Ids = world.Ids,
            Logger = world.Written, Instruments = world.Instruments, Incarnation = () => world.Incarnation,
        }, world.Options);
        Entities.Open();
    }

    public string Id { get; }
    public bool Dead { get; private set; }

    /// <summary>The others take it for dead, wrongly: it goes on, and reaches the store.</summary>
    public bool Suspected { get; set; }
    public EntitySilo Entities { get; }
    public TestTables Tables { get; } = new();
    public Func<long, ValueTask<CatchUpAnswer>> CatchUp { get; set; } = _ => new(CatchUpAnswer.EpochUnknown);

    public EntityActivation Active(string id) => Entities.Active(EntityId.Parse(id)) ?? throw new InvalidOperationException($"{id} is not active on {Id}.");
    public bool IsActive(string id) => Entities.Active(EntityId.Parse(id)) is not null;

    public void Kill()
    {
        Dead = true;
        Entities.Kill();
    }

    public ValueTask<CallReply> Call(CallRequest request) => Dead ? new(World.Lost) : world.Route(request);

    public ValueTask<EntityRecord?> Read(EntityId id) => Alive().Read(id);
    public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes) => Alive().Write(writes);
    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => Alive().WakeUps();
    public ValueTask<EntityPage> List(EntityQuery query) => Alive().List(query);
    public StoreCapabilities Capabilities => Alive().Capabilities;

    FaultyEntityStore Alive() => Dead ? throw new StoreUnavailableException("this silo is dead.") : world.Store;

    async ValueTask Claim(EntityId id, CancellationToken cancellation)
    {
        foreach (var other in world.Silos)
            if (other != this && other is { Dead: false, Suspected: false }) await other.Entities.Release(id, cancellation);
    }
}
