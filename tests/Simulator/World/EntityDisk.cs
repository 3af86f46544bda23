using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Simulator.World;

/// <summary>The entity records, beyond all processes. What is on it stays. In the order of ids, so that no hash shows.</summary>
internal sealed class EntityDisk(Action<EntityRecord?, EntityRecord?, string> wrote)
{
    readonly SortedDictionary<EntityId, EntityRecord> records = new(ById);
    readonly SortedSet<EntityId> wakeUps = new(ById);
    long lastEtag;

    public static readonly Comparer<EntityId> ById = EntityQuery.Order;

    public IEnumerable<EntityRecord> Records => records.Values;
    public IReadOnlyList<EntityId> WakeUps => [.. wakeUps];

    public EntityRecord? Read(EntityId id) => records.GetValueOrDefault(id);

    public EntityPage List(EntityQuery query)
    {
        var page = records.Values.Where(query.Takes).Take(query.Limit).ToArray();
        return new EntityPage(page, [], page.Length == query.Limit ? page[^1].Id : null);
    }

    public WriteOutcome Write(EntityWrite write, string by)
    {
        var id = write.Record.Id;
        if (write.Record.NeedsWakeUp && !write.Delete) Index(write);
        var before = Read(id);
        var outcome = write.Delete ? Delete(write, before) : Put(write, before);
        if (Read(id) is not { NeedsWakeUp: true }) wakeUps.Remove(id);
        // What was never stored is deleted without a trace.
        if (!outcome.Conflict && (before ?? Read(id)) is not null) wrote(before, Read(id), by);
        return outcome;
    }

    /// <summary>Only the first part of a write.</summary>
    public void Index(EntityWrite write) => wakeUps.Add(write.Record.Id);

    /// <summary>What is on it is lost, and a copy takes its place.</summary>
    public void Restore(Backup backup)
    {
        records.Clear();
        wakeUps.Clear();
        foreach (var record in backup.Records) records.Add(record.Id, record);
        wakeUps.UnionWith(backup.WakeUps);
    }

    WriteOutcome Put(EntityWrite write, EntityRecord? before)
    {
        if (before?.Etag != write.ExpectedEtag) return default;
        var record = write.Record with { Etag = (++lastEtag).ToString(CultureInfo.InvariantCulture) };
        records[record.Id] = record;
        return new WriteOutcome(record.Etag, record);
    }

    WriteOutcome Delete(EntityWrite write, EntityRecord? before)
    {
        if (before is null) return new WriteOutcome("");
        if (before.Etag != write.ExpectedEtag) return default;
        records.Remove(before.Id);
        return new WriteOutcome("");
    }
}
