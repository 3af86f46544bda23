using System.Data;
using System.Data.Common;
using Evergrain.Contracts;
using Evergrain.Stores.Sql;
using Npgsql;
using NpgsqlTypes;

namespace Evergrain.Stores.Postgres;

/// <summary>The writing connection, with one batch of work on it. Used by one thread.</summary>
internal sealed class PostgresWriting(NpgsqlConnection connection) : ISqlWriting, IDisposable
{
    // One statement for all entities of a batch: each row on its own condition. Those that are not in its answer were conflicts.
    const string Statement = """
        WITH w AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) AS w (kind, key, expected, gone, epoch, wakes, record)),
        inserted AS (
            INSERT INTO evergrain.entity (kind, key, etag, epoch, wakes, record)
            SELECT kind, key, nextval('evergrain.etag'), epoch, wakes, record FROM w WHERE expected IS NULL AND NOT gone
            ON CONFLICT DO NOTHING RETURNING kind, key, etag),
        updated AS (
            UPDATE evergrain.entity e SET etag = nextval('evergrain.etag'), epoch = w.epoch, wakes = w.wakes, record = w.record
            FROM w WHERE e.kind = w.kind AND e.key = w.key AND e.etag = w.expected AND NOT w.gone RETURNING e.kind, e.key, e.etag),
        deleted AS (
            DELETE FROM evergrain.entity e USING w WHERE e.kind = w.kind AND e.key = w.key AND e.etag = w.expected AND w.gone RETURNING e.kind, e.key)
        SELECT kind, key, etag FROM inserted
        UNION ALL SELECT kind, key, etag FROM updated
        UNION ALL SELECT kind, key, NULL FROM deleted
        UNION ALL SELECT kind, key, NULL FROM w WHERE gone AND NOT EXISTS (SELECT FROM evergrain.entity e WHERE e.kind = w.kind AND e.key = w.key)
        """;

    readonly List<EntityChange> changes = [];
    NpgsqlTransaction? transaction;

    /// <summary>Not so after some answers of the server, such as that its disk is full: the connection was closed with them.</summary>
    public bool IsOpen => connection.FullState is ConnectionState.Open;

    // Work that is no entity's makes the batch a transaction of several statements.
    public int Change(string sql, params ReadOnlySpan<object> parameters) => Begun(sql, parameters).ExecuteNonQuery();
    public DbDataReader Query(string sql, params ReadOnlySpan<object> parameters) => Begun(sql, parameters).ExecuteReader();
    public void Put(EntityChange change) => changes.Add(change);

    public void Commit()
    {
        var rounds = Rounds();
        if (rounds.Count > 1) transaction ??= connection.BeginTransaction();
        foreach (var round in rounds) Write(round);
        transaction?.Commit();
        End();
    }

    /// <summary>Nothing of the batch stands.</summary>
    public void RollBack()
    {
        transaction?.Rollback();
        End();
    }

    public void Dispose() => connection.Dispose();

    NpgsqlCommand Begun(string sql, ReadOnlySpan<object> parameters)
    {
        transaction ??= connection.BeginTransaction();
        return PostgresReading.Command(connection, sql, parameters);
    }

    void End()
    {
        transaction?.Dispose();
        transaction = null;
        changes.Clear();
    }

    // A statement sees each row once: writes of the same entity come in statements of their own, one after the other.
    List<Dictionary<EntityId, EntityChange>> Rounds()
    {
        var rounds = new List<Dictionary<EntityId, EntityChange>>();
        foreach (var change in changes)
        {
            var round = rounds.FirstOrDefault(round => !round.ContainsKey(change.Id));
            if (round is null) rounds.Add(round = new Dictionary<EntityId, EntityChange>());
            round.Add(change.Id, change);
        }
        return rounds;
    }

    void Write(Dictionary<EntityId, EntityChange> round)
    {
        var rows = round.Values.ToArray();
        using var command = new NpgsqlCommand(Statement, connection)
        {
            Parameters =
            {
                Array(rows, NpgsqlDbType.Text, change => change.Id.Kind), Array(rows, NpgsqlDbType.Text, change => change.Id.Key),
                Array(rows, NpgsqlDbType.Bigint, change => change.Expected), Array(rows, NpgsqlDbType.Boolean, change => change.Bytes is null),
                Array(rows, NpgsqlDbType.Bigint, change => change.Epoch), Array(rows, NpgsqlDbType.Boolean, change => change.Wakes),
                Array(rows, NpgsqlDbType.Bytea, change => change.Bytes ?? []),
            },
        };
        foreach (var change in rows) change.Outcome = default;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var change = round[new EntityId(reader.GetString(0), reader.GetString(1))];
            if (reader.IsDBNull(2)) change.Gone();
            else change.Written(reader.GetInt64(2));
        }
    }

    static NpgsqlParameter Array<T>(EntityChange[] rows, NpgsqlDbType type, Func<EntityChange, T> column) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = System.Array.ConvertAll(rows, row => column(row)) };
}
