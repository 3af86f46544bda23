using System.Collections.Concurrent;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Stores.Sql;

namespace Evergrain.Stores.Sqlite;

/// <summary>The connections to a file: one writes, and beside it several read.</summary>
internal sealed class SqliteDatabase : ISqlDatabase
{
    readonly SqliteFile file;
    readonly SqliteEtags etags;
    readonly ConcurrentBag<Statements> idle = [];
    SqliteWriting? open; // of the writing thread

    /// <param name="opened">The first that writes.</param>
    public SqliteDatabase(SqliteFile file, Statements opened, long openings)
    {
        (this.file, etags) = (file, new SqliteEtags(openings));
        open = new SqliteWriting(opened, etags);
    }

    public SqlDialect Dialect { get; } = new(Schema: "", Locking: "", Wakes: "wakes = 1");
    public int MostAtOnce => 1024;

    public CommitFailure? Commit(IReadOnlyList<StoreWork<ISqlWriting>> batch)
    {
        var committing = false;
        try
        {
            open ??= new SqliteWriting(new Statements(file.OpenWriter()), etags);
            open.Begin();
            foreach (var piece in batch) piece.Do(open);
            committing = true;
            open.Commit();
            return null;
        }
        catch (Exception failure)
        {
            // A connection that is closed takes its transaction back; the next batch has a new one.
            open?.Dispose();
            open = null;
            return new CommitFailure(SqliteErrors.Of(failure), !committing || SqliteErrors.LeavesNothing(failure));
        }
    }

    public void Read(StoreWork<ISqlSession> question)
    {
        Statements? connection = null;
        try
        {
            if (!idle.TryTake(out connection)) connection = new Statements(file.OpenReader());
            question.Do(connection);
            question.Stands();
            idle.Add(connection);
        }
        catch (UnreadableRecordException unreadable)
        {
            question.Failed(unreadable);
            idle.Add(connection!);
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            question.Failed(SqliteErrors.Of(failure));
        }
    }

    public ValueTask DisposeAsync()
    {
        while (idle.TryTake(out var connection)) connection.Dispose();
        open?.Dispose();
        file.Dispose();
        return default;
    }
}
