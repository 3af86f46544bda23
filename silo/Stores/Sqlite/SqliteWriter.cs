using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Runtime;

namespace Evergrain.Stores.Sqlite;

/// <summary>The one way in: whatever waits to be written is written in one transaction, while the next gathers. Entities, the cluster record
/// and packages share it. Safe from any thread.</summary>
internal sealed class SqliteWriter
{
    const int MostAtOnce = 1024, MostWaiting = 65_536;
    readonly SqliteFile file;
    readonly IExecutor answers;
    readonly Batches<StoreWork<Statements>> batches;
    Statements? open; // of the writing thread
    long commits;

    public SqliteWriter(SqliteFile file, Statements opened, IExecutor thread, IExecutor answers)
    {
        (this.file, open, this.answers) = (file, opened, answers);
        batches = new Batches<StoreWork<Statements>>(thread, Write, lanes: 1, MostAtOnce, MostWaiting);
    }

    /// <summary>Transactions that were committed, each with one flush of the log to the disk.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <exception cref="StoreUnavailableException"/>
    /// <exception cref="StoreFullException"/>
    public ValueTask<T> Do<T>(Func<Statements, T> work)
    {
        var piece = new StoreWork<Statements, T>(answers, work);
        if (!batches.TryAdd(piece)) throw new StoreUnavailableException($"the store is closed, or {MostWaiting} writes wait.");
        return piece.Answer;
    }

    public async Task Close()
    {
        await batches.Close();
        open?.Dispose();
        open = null;
    }

    void Write(IReadOnlyList<StoreWork<Statements>> batch)
    {
        var (failure, leavesNothing) = Commit(batch);
        if (failure is null)
            foreach (var piece in batch) piece.Stands();
        // One that cannot be written must not keep the others from it.
        else if (leavesNothing && batch.Count > 1)
            foreach (var piece in batch) Write([piece]);
        else
            foreach (var piece in batch) piece.Failed(SqliteErrors.Of(failure));
    }

    (Exception? Failure, bool LeavesNothing) Commit(IReadOnlyList<StoreWork<Statements>> batch)
    {
        var committing = false;
        try
        {
            open ??= new Statements(file.OpenWriter());
            open.Change("BEGIN IMMEDIATE");
            foreach (var piece in batch) piece.Do(open);
            committing = true;
            open.Change("COMMIT");
            Interlocked.Increment(ref commits);
            return (null, false);
        }
        catch (Exception failure)
        {
            // A connection that is closed takes its transaction back; the next batch has a new one.
            open?.Dispose();
            open = null;
            return (failure, !committing || SqliteErrors.LeavesNothing(failure));
        }
    }
}
