using System.Collections.Concurrent;
using System.Diagnostics;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Victim;

/// <summary>The real store of entities, with each call counted by what it is.</summary>
internal sealed class WatchedEntityStore(IEntityStore store, Executioner executioner, Slowness slowness) : IEntityStore
{
    readonly ConcurrentDictionary<EntityId, (bool Wakes, int Schema)> last = new();

    public StoreCapabilities Capabilities => store.Capabilities;

    public ValueTask<EntityRecord?> Read(EntityId id) => executioner.Watch(StoreCall.EntityRead, async () =>
    {
        var record = await store.Read(id);
        if (record is not null) last[id] = (record.NeedsWakeUp, Schema(record));
        return record;
    });

    public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        var call = writes.Select(Kind).MaxBy(Weight);
        return executioner.Watch(call, async () =>
        {
            var started = Stopwatch.GetTimestamp();
            var outcomes = await store.Write(writes);
            slowness.Took(Stopwatch.GetElapsedTime(started));
            return outcomes;
        });
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => executioner.Watch(StoreCall.WakeUps, store.WakeUps);
    public ValueTask<EntityPage> List(EntityQuery query) => executioner.Watch(StoreCall.EntityList, () => store.List(query));

    StoreCall Kind(EntityWrite write)
    {
        var record = write.Record;
        last.TryGetValue(record.Id, out var before);
        last[record.Id] = (record.NeedsWakeUp, Schema(record));
        return write.Delete || !record.Created ? StoreCall.EntityDelete
            : before.Schema > 0 && Schema(record) != before.Schema ? StoreCall.MigratedWrite
            : record.NeedsWakeUp ? StoreCall.WakingWrite
            : before.Wakes ? StoreCall.QuietingWrite
            : record.Id.Kind == "purse" ? StoreCall.EntityWrite
            : StoreCall.IntervalWrite;
    }

    // Of a batch, what is rarest.
    static int Weight(StoreCall call) => call switch { StoreCall.EntityDelete => 3, StoreCall.MigratedWrite => 2, StoreCall.EntityWrite => 0, _ => 1 };
    static int Schema(EntityRecord record) => record.Slices.IsEmpty ? 0 : record.Slices[0].Schema;
}
