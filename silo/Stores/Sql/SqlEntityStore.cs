using System.Data.Common;
using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Core.State.Format;

namespace Evergrain.Stores.Sql;

/// <summary>Entity records in a table.</summary>
internal sealed class SqlEntityStore(GroupCommit<ISqlWriting> writer, StoreQueue<ISqlSession> readers, StoreQueue<ISqlSession> scans, SqlDialect dialect, int maxRecordBytes) : IEntityStore
{
    readonly string one = $"SELECT etag, record FROM {dialect.Schema}entity WHERE kind = $1 AND key = $2";
    readonly string wakeUps = $"SELECT kind, key FROM {dialect.Schema}entity WHERE {dialect.Wakes}";
    readonly string ofAKind = $"SELECT kind, key, etag, record FROM {dialect.Schema}entity WHERE kind = $1 AND key > $2 AND epoch >= $3 ORDER BY key LIMIT $4";
    readonly string ofAll = $"SELECT kind, key, etag, record FROM {dialect.Schema}entity WHERE (kind, key) > ($1, $2) AND epoch >= $3 ORDER BY kind, key LIMIT $4";

    public StoreCapabilities Capabilities => StoreCapabilities.Scan | StoreCapabilities.Batch;

    public ValueTask<EntityRecord?> Read(EntityId id) => readers.Ask(store =>
    {
        using var reader = store.Query(one, id.Kind, id.Key);
        return reader.Read() ? Record(id, reader, column: 0) : null;
    });

    public async ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        // On the caller's thread, so that the writing one has less to do.
        var changes = new EntityChange[writes.Count];
        var fitting = new List<EntityChange>(writes.Count);
        for (var i = 0; i < changes.Length; i++)
        {
            changes[i] = EntityChange.Of(writes[i]);
            if (changes[i].Bytes is { } bytes && bytes.Length > maxRecordBytes) changes[i].Outcome = new WriteOutcome(null, null, StoreRefusal.TooLarge(changes[i].Id, bytes.Length, maxRecordBytes));
            else fitting.Add(changes[i]);
        }
        if (fitting.Count > 0 && await Refused(fitting) is { } refusal)
            foreach (var change in fitting) change.Outcome = new WriteOutcome(null, null, refusal);
        return Array.ConvertAll(changes, change => change.Outcome);
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => scans.Ask<IReadOnlyList<EntityId>>(store =>
    {
        var ids = new List<EntityId>();
        using var reader = store.Query(wakeUps);
        while (reader.Read()) ids.Add(Id(reader));
        return ids;
    });

    public ValueTask<EntityPage> List(EntityQuery query) => scans.Ask(store =>
    {
        var records = new List<EntityRecord>();
        var unreadable = new List<UnreadableRecord>();
        EntityId last = default;
        using var reader = query.Kind is { } kind
            ? store.Query(ofAKind, kind, AfterInKind(query), query.SinceEpoch, (long)query.Limit)
            : store.Query(ofAll, query.After?.Kind ?? "", query.After?.Key ?? "", query.SinceEpoch, (long)query.Limit);
        while (reader.Read())
        {
            last = Id(reader);
            try
            {
                records.Add(Record(last, reader, column: 2));
            }
            catch (UnreadableRecordException one)
            {
                unreadable.Add(one.Record);
            }
        }
        return new EntityPage(records, unreadable, records.Count + unreadable.Count == query.Limit ? last : null);
    });

    /// <summary>Null when the database took them, each on its own condition.</summary>
    async ValueTask<StoreRefusal?> Refused(List<EntityChange> changes)
    {
        try
        {
            await writer.Do(store =>
            {
                foreach (var change in changes) store.Put(change);
                return changes;
            });
            return null;
        }
        catch (StoreFullException full)
        {
            return full.Refusal;
        }
    }

    // Every key is greater than none; no key is greater than the last character there is.
    static string AfterInKind(EntityQuery query) => query.After is not { } after ? "" : string.CompareOrdinal(after.Kind, query.Kind) switch
    {
        0 => after.Key,
        < 0 => "",
        _ => "\uFFFF",
    };

    static EntityId Id(DbDataReader reader) => new(reader.GetString(0), reader.GetString(1));

    /// <param name="column">Of the etag; the record's bytes stand in the next.</param>
    static EntityRecord Record(EntityId id, DbDataReader reader, int column) =>
        RecordFormat.Decode(id, reader.GetInt64(column).ToString(CultureInfo.InvariantCulture), reader.GetFieldValue<byte[]>(column + 1));
}
