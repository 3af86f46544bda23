using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.State.Format;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>Entity records in the database.</summary>
internal sealed class PostgresEntityStore(PostgresWriter writer, PostgresReaders readers, PostgresReaders scans, int maxRecordBytes) : IEntityStore
{
    // No bigint that a sequence gives: an etag that nobody was given.
    const long NoEtag = -1;

    public StoreCapabilities Capabilities => StoreCapabilities.Scan | StoreCapabilities.Batch;

    public ValueTask<EntityRecord?> Read(EntityId id) => readers.Ask(store =>
    {
        using var command = PostgresReaders.Command(store, "SELECT etag, record FROM evergrain.entity WHERE kind = $1 AND key = $2", id.Kind, id.Key);
        using var reader = command.ExecuteReader();
        return reader.Read() ? RecordFormat.Decode(id, Text(reader.GetInt64(0)), reader.GetFieldValue<byte[]>(1)) : null;
    });

    public async ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes)
    {
        var outcomes = new WriteOutcome[writes.Count];
        var changes = new EntityChange?[writes.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            changes[i] = Change(writes[i]);
            if (changes[i]!.Bytes is not { } bytes || bytes.Length <= maxRecordBytes) continue;
            (changes[i], outcomes[i]) = (null, TooLarge(writes[i].Record.Id, bytes.Length));
        }
        if (changes.All(change => change is null)) return outcomes;
        try
        {
            await writer.Do(store =>
            {
                foreach (var change in changes)
                    if (change is not null) store.Add(change);
                return changes;
            });
        }
        catch (StoreFullException full)
        {
            return [.. writes.Select(_ => new WriteOutcome(null, null, full.Refusal))];
        }
        for (var i = 0; i < outcomes.Length; i++)
            if (changes[i] is { } change) outcomes[i] = change.Outcome;
        return outcomes;
    }

    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => scans.Ask<IReadOnlyList<EntityId>>(store =>
    {
        var ids = new List<EntityId>();
        using var command = PostgresReaders.Command(store, "SELECT kind, key FROM evergrain.entity WHERE wakes");
        using var reader = command.ExecuteReader();
        while (reader.Read()) ids.Add(new EntityId(reader.GetString(0), reader.GetString(1)));
        return ids;
    });

    public ValueTask<EntityPage> List(EntityQuery query) => scans.Ask(store =>
    {
        var records = new List<EntityRecord>();
        var unreadable = new List<UnreadableRecord>();
        EntityId last = default;
        using var command = Listing(store, query);
        using var reader = command.ExecuteReader();
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

    static NpgsqlCommand Listing(NpgsqlConnection store, EntityQuery query)
    {
        const string Columns = "SELECT kind, key, etag, record FROM evergrain.entity WHERE (kind, key) > ($1, $2) AND epoch >= $3";
        object[] from = [query.After?.Kind ?? "", query.After?.Key ?? "", query.SinceEpoch, (long)query.Limit];
        return query.Kind is { } kind
            ? PostgresReaders.Command(store, $"{Columns} AND kind = $5 ORDER BY kind, key LIMIT $4", [.. from, kind])
            : PostgresReaders.Command(store, $"{Columns} ORDER BY kind, key LIMIT $4", from);
    }

    static EntityChange Change(EntityWrite write) =>
        new(write.Record.Id, Expected(write), write.Record.Epoch, write.Record.NeedsWakeUp, write.Delete ? null : RecordFormat.Encode(write.Record));

    static long? Expected(EntityWrite write) => write.ExpectedEtag is not { } etag ? write.Delete ? NoEtag : null
        : long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : NoEtag;

    WriteOutcome TooLarge(EntityId id, int length) => new(null, null, new StoreRefusal(ErrorCodes.RecordTooLarge,
        $"{id} would be a record of {length} bytes; the store keeps {maxRecordBytes}.", "Keep less in one entity: split it, or drop what is old."));

    static string Text(long etag) => etag.ToString(CultureInfo.InvariantCulture);
}
