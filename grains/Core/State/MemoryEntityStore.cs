using System.Collections.Concurrent;
using System.Globalization;
using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>Keeps records in this process, outside the silos: they outlive a killed silo, not the process.</summary>
public sealed class MemoryEntityStore : IEntityStore
{
    readonly ConcurrentDictionary<EntityId, EntityRecord> records = new();
    readonly ConcurrentDictionary<EntityId, byte> wakeUps = new();

    // A record and its place in the index change together: one lock for each of 64 groups of entities.
    readonly Lock[] groups = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];
    long lastEtag;

    public StoreCapabilities Capabilities => StoreCapabilities.Scan | StoreCapabilities.Batch;

    public ValueTask<EntityRecord?> Read(EntityId id) => new(records.GetValueOrDefault(id));

    public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        var outcomes = new WriteOutcome[writes.Count];
        for (var i = 0; i < writes.Count; i++)
            lock (groups[(uint)writes[i].Record.Id.GetHashCode() % groups.Length])
                outcomes[i] = Write(writes[i]);
        return new(outcomes);
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => new(wakeUps.Keys.ToArray());

    public ValueTask<EntityPage> List(EntityQuery query)
    {
        var page = records.Values.Where(query.Takes).OrderBy(record => record.Id, EntityQuery.Order).Take(query.Limit).ToArray();
        return new(new EntityPage(page, [], page.Length == query.Limit ? page[^1].Id : null));
    }

    WriteOutcome Write(EntityWrite write)
    {
        var id = write.Record.Id;
        if (write.Record.NeedsWakeUp && !write.Delete) wakeUps.TryAdd(id, 0);
        var outcome = write.Delete ? Delete(write) : Put(write);
        if (records.GetValueOrDefault(id) is not { NeedsWakeUp: true }) wakeUps.TryRemove(id, out _);
        return outcome;
    }

    WriteOutcome Put(EntityWrite write)
    {
        var record = write.Record with { Etag = Interlocked.Increment(ref lastEtag).ToString(CultureInfo.InvariantCulture) };
        var written = write.ExpectedEtag is null
            ? records.TryAdd(record.Id, record)
            : records.TryGetValue(record.Id, out var current) && current.Etag == write.ExpectedEtag && records.TryUpdate(record.Id, record, current);
        return written ? new WriteOutcome(record.Etag, record) : default;
    }

    WriteOutcome Delete(EntityWrite write)
    {
        if (!records.TryGetValue(write.Record.Id, out var current)) return new WriteOutcome("");
        var removed = current.Etag == write.ExpectedEtag && records.TryRemove(KeyValuePair.Create(write.Record.Id, current));
        return new WriteOutcome(removed ? "" : null);
    }
}
