using System.Collections.Concurrent;
using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Runtime;

namespace Evergrain.Stores.Sqlite;

/// <summary>Reads beside the writer, a few at a time, each on a connection of its own. Safe from any thread.</summary>
internal sealed class SqliteReaders
{
    const int MostAtOnce = 16, MostWaiting = 65_536;
    readonly SqliteFile file;
    readonly IExecutor answers;
    readonly ConcurrentBag<Statements> idle = [];
    readonly Batches<StoreWork<Statements>> batches;

    /// <param name="lanes">How many reads may block at a time.</param>
    public SqliteReaders(SqliteFile file, IExecutor threads, IExecutor answers, int lanes)
    {
        (this.file, this.answers) = (file, answers);
        batches = new Batches<StoreWork<Statements>>(threads, Read, lanes, MostAtOnce, MostWaiting);
    }

    /// <exception cref="StoreUnavailableException"/>
    public ValueTask<T> Ask<T>(Func<Statements, T> question)
    {
        var piece = new StoreWork<Statements, T>(answers, question);
        if (!batches.TryAdd(piece)) throw new StoreUnavailableException($"the store is closed, or {MostWaiting} reads wait.");
        return piece.Answer;
    }

    public async Task Close()
    {
        await batches.Close();
        while (idle.TryTake(out var connection)) connection.Dispose();
    }

    void Read(IReadOnlyList<StoreWork<Statements>> batch)
    {
        foreach (var piece in batch) Read(piece);
    }

    void Read(StoreWork<Statements> piece)
    {
        Statements? connection = null;
        try
        {
            if (!idle.TryTake(out connection)) connection = new Statements(file.OpenReader());
            piece.Do(connection);
            piece.Stands();
            idle.Add(connection);
        }
        catch (UnreadableRecordException unreadable)
        {
            piece.Failed(unreadable);
            idle.Add(connection!);
        }
        catch (Exception failure)
        {
            connection?.Dispose();
            piece.Failed(SqliteErrors.Of(failure));
        }
    }
}
