using System.Data.Common;
using Evergrain.Stores.Sql;

namespace Evergrain.Stores.Sqlite;

/// <summary>The writing connection. Used by one thread.</summary>
internal sealed class SqliteWriting(Statements statements, SqliteEtags etags) : ISqlWriting, IDisposable
{
    public void Begin() => Change("BEGIN IMMEDIATE");
    public void Commit() => Change("COMMIT");

    public int Change(string sql, params ReadOnlySpan<object> parameters) => statements.Change(sql, parameters);
    public DbDataReader Query(string sql, params ReadOnlySpan<object> parameters) => statements.Query(sql, parameters);

    public void Put(EntityChange change)
    {
        change.Outcome = default;
        if (change.Bytes is not { } bytes)
        {
            if (Delete(change)) change.Gone();
            return;
        }
        var etag = etags.Next();
        var written = change.Expected is { } expected
            ? Change("UPDATE entity SET etag = $1, epoch = $2, wakes = $3, record = $4 WHERE kind = $5 AND key = $6 AND etag = $7", etag, change.Epoch, change.Wakes, bytes, change.Id.Kind, change.Id.Key, expected)
            : Change("INSERT INTO entity VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING", change.Id.Kind, change.Id.Key, etag, change.Epoch, change.Wakes, bytes);
        if (written == 1) change.Written(etag);
    }

    public void Dispose() => statements.Dispose();

    bool Delete(EntityChange change)
    {
        if (Change("DELETE FROM entity WHERE kind = $1 AND key = $2 AND etag = $3", change.Id.Kind, change.Id.Key, change.Expected ?? 0) == 1) return true;
        using var other = Query("SELECT 1 FROM entity WHERE kind = $1 AND key = $2", change.Id.Kind, change.Id.Key);
        return !other.Read();
    }
}

/// <summary>Counts etags since the file was opened, and the openings: none is ever given twice. Used by one thread.</summary>
internal sealed class SqliteEtags(long openings)
{
    const int CountedBits = 40; // of an etag; the rest are the openings
    long last = openings << CountedBits;

    public long Next() => ++last;
}
