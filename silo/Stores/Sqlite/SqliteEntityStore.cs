using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.State.Format;

namespace Evergrain.Stores.Sqlite;

/// <summary>Entity records in the file.</summary>
/// <param name="openings">How often the file was opened: its part of every etag.</param>
internal sealed class SqliteEntityStore(SqliteWriter writer, SqliteReaders readers, SqliteReaders scans, long openings, int maxRecordBytes) : IEntityStore
{
    const int CountedBits = 40; // of an etag; the rest are the openings
    long lastEtag = openings << CountedBits; // of the writing thread

    public StoreCapabilities Capabilities => StoreCapabilities.Scan | StoreCapabilities.Batch;

    public ValueTask<EntityRecord?> Read(EntityId id) => readers.Ask(store =>
    {
        using var reader = store.Query("SELECT etag, record FROM entity WHERE kind = $kind AND key = $key", ("$kind", id.Kind), ("$key", id.Key));
        return reader.Read() ? RecordFormat.Decode(id, Text(reader.GetInt64(0)), reader.GetFieldValue<byte[]>(1)) : null;
    });

    public async ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        // On the caller's thread, so that the writing one has less to do.
        var bytes = new byte[]?[writes.Count];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = writes[i].Delete ? null : RecordFormat.Encode(writes[i].Record);
        try
        {
            return await writer.Do(store => Apply(store, writes, bytes));
        }
        catch (StoreFullException full)
        {
            return [.. writes.Select(_ => new WriteOutcome(null, null, full.Refusal))];
        }
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => scans.Ask<IReadOnlyList<EntityId>>(store =>
    {
        var ids = new List<EntityId>();
        using var reader = store.Query("SELECT kind, key FROM entity WHERE wakes = 1");
        while (reader.Read()) ids.Add(new EntityId(reader.GetString(0), reader.GetString(1)));
        return ids;
    });

    public ValueTask<EntityPage> List(EntityQuery query) => scans.Ask(store =>
    {
        var records = new List<EntityRecord>();
        var unreadable = new List<UnreadableRecord>();
        EntityId last = default;
        using var reader = query.Kind is { } kind
            ? store.Query("SELECT kind, key, etag, record FROM entity WHERE kind = $kind AND key > $after AND epoch >= $since ORDER BY key LIMIT $limit",
                ("$kind", kind), ("$after", AfterInKind(query)), ("$since", query.SinceEpoch), ("$limit", query.Limit))
            : store.Query("SELECT kind, key, etag, record FROM entity WHERE (kind, key) > ($afterKind, $afterKey) AND epoch >= $since ORDER BY kind, key LIMIT $limit",
                ("$afterKind", query.After?.Kind ?? ""), ("$afterKey", query.After?.Key ?? ""), ("$since", query.SinceEpoch), ("$limit", query.Limit));
        while (reader.Read())
        {
            last = new EntityId(reader.GetString(0), reader.GetString(1));
            try
            {
                records.Add(RecordFormat.Decode(last, Text(reader.GetInt64(2)), reader.GetFieldValue<byte[]>(3)));
            }
            catch (UnreadableRecordException one)
            {
                unreadable.Add(one.Record);
            }
        }
        return new EntityPage(records, unreadable, records.Count + unreadable.Count == query.Limit ? last : null);
    });

    // Every key is greater than none; no key is greater than the last character there is.
    static string AfterInKind(EntityQuery query) => query.After is not { } after ? "" : string.CompareOrdinal(after.Kind, query.Kind) switch
    {
        0 => after.Key,
        < 0 => "",
        _ => "\uFFFF",
    };

    WriteOutcome[] Apply(Statements store, IReadOnlyList<EntityWrite> writes, byte[]?[] bytes)
    {
        var outcomes = new WriteOutcome[writes.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = bytes[i] is { } record ? Put(store, writes[i], record) : Delete(store, writes[i]);
        return outcomes;
    }

    WriteOutcome Put(Statements store, EntityWrite write, byte[] bytes)
    {
        if (bytes.Length > maxRecordBytes) return TooLarge(write.Record.Id, bytes.Length);
        var (record, etag) = (write.Record, ++lastEtag);
        long wakes = record.NeedsWakeUp ? 1 : 0;
        var changed = write.ExpectedEtag is not { } expected
            ? store.Change("INSERT INTO entity VALUES ($kind, $key, $etag, $epoch, $wakes, $record) ON CONFLICT DO NOTHING",
                ("$kind", record.Id.Kind), ("$key", record.Id.Key), ("$etag", etag), ("$epoch", record.Epoch), ("$wakes", wakes), ("$record", bytes))
            : TryParse(expected, out var known)
                ? store.Change("UPDATE entity SET etag = $etag, epoch = $epoch, wakes = $wakes, record = $record WHERE kind = $kind AND key = $key AND etag = $known",
                    ("$etag", etag), ("$epoch", record.Epoch), ("$wakes", wakes), ("$record", bytes), ("$kind", record.Id.Kind), ("$key", record.Id.Key), ("$known", known))
                : 0;
        return new WriteOutcome(changed == 1 ? Text(etag) : null);
    }

    static WriteOutcome Delete(Statements store, EntityWrite write)
    {
        var (kind, key) = (write.Record.Id.Kind, write.Record.Id.Key);
        var known = TryParse(write.ExpectedEtag, out var etag) ? etag : 0;
        if (store.Change("DELETE FROM entity WHERE kind = $kind AND key = $key AND etag = $known", ("$kind", kind), ("$key", key), ("$known", known)) == 1) return new WriteOutcome("");
        using var other = store.Query("SELECT 1 FROM entity WHERE kind = $kind AND key = $key", ("$kind", kind), ("$key", key));
        return new WriteOutcome(other.Read() ? null : "");
    }

    WriteOutcome TooLarge(EntityId id, int length) => new(null, null, new StoreRefusal(ErrorCodes.RecordTooLarge,
        $"{id} would be a record of {length} bytes; the store keeps {maxRecordBytes}.", "Keep less in one entity: split it, or drop what is old."));

    static bool TryParse(string? etag, out long number) => long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);
}
