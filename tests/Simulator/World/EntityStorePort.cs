using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Simulator.World;

/// <summary>The entity store, as one silo reaches it.</summary>
internal sealed class EntityStorePort(EntityDisk disk, StoreDoor door, string silo) : IEntityStore
{
    public StoreCapabilities Capabilities => StoreCapabilities.Scan | StoreCapabilities.Batch;

    public async ValueTask<EntityRecord?> Read(EntityId id) => await door.Ask("read", () => disk.Read(id));

    public async ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        if (writes.Any(write => write.Record.NeedsWakeUp) && door.IsTorn("write"))
        {
            foreach (var write in writes) disk.Index(write);
            return await door.Unanswered<IReadOnlyList<WriteOutcome>>("write");
        }
        return await door.Ask<IReadOnlyList<WriteOutcome>>("write", () => [.. writes.Select(write => disk.Write(write, silo))]);
    }

    public async ValueTask<IReadOnlyList<EntityId>> WakeUps() => await door.Ask("wake-ups", () => disk.WakeUps);

    public async ValueTask<EntityPage> List(EntityQuery query) => await door.Ask("list", () => disk.List(query));
}
