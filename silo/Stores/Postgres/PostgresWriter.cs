using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Runtime;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>The one way in: whatever waits to be written is written in one transaction, entities by one statement, while the next gathers.
/// Safe from any thread.</summary>
internal sealed class PostgresWriter
{
    const int MostAtOnce = 256, MostWaiting = 65_536, MostTries = 5;
    readonly Func<NpgsqlConnection> connect;
    readonly IExecutor answers;
    readonly Batches<StoreWork<PostgresSession>> batches;
    PostgresSession? open; // of the writing thread
    long commits;

    public PostgresWriter(Func<NpgsqlConnection> connect, NpgsqlConnection opened, IExecutor thread, IExecutor answers)
    {
        (this.connect, this.answers, open) = (connect, answers, new PostgresSession(opened));
        batches = new Batches<StoreWork<PostgresSession>>(thread, Write, lanes: 1, MostAtOnce, MostWaiting);
    }

    /// <summary>Transactions that were committed, each with one flush of the server's log.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <exception cref="StoreUnavailableException"/>
    /// <exception cref="StoreFullException"/>
    public ValueTask<T> Do<T>(Func<PostgresSession, T> work)
    {
        var piece = new StoreWork<PostgresSession, T>(answers, work);
        if (!batches.TryAdd(piece)) throw new StoreUnavailableException($"the store is closed, or {MostWaiting} writes wait.");
        return piece.Answer;
    }

    public async Task Close()
    {
        await batches.Close();
        open?.Dispose();
        open = null;
    }

    void Write(IReadOnlyList<StoreWork<PostgresSession>> batch)
    {
        var (failure, leavesNothing) = Commit(batch);
        for (var tries = 1; tries < MostTries && failure is not null && PostgresErrors.IsCollision(failure); tries++) (failure, leavesNothing) = Commit(batch);
        if (failure is null)
            foreach (var piece in batch) piece.Stands();
        // One that cannot be written must not keep the others from it.
        else if (leavesNothing && batch.Count > 1)
            foreach (var piece in batch) Write([piece]);
        else
            foreach (var piece in batch) piece.Failed(PostgresErrors.Of(failure));
    }

    (Exception? Failure, bool LeavesNothing) Commit(IReadOnlyList<StoreWork<PostgresSession>> batch)
    {
        try
        {
            open ??= new PostgresSession(connect());
            foreach (var piece in batch) piece.Do(open);
            open.Commit();
            Interlocked.Increment(ref commits);
            return (null, false);
        }
        catch (Exception failure)
        {
            var refused = PostgresErrors.LeavesNothing(failure);
            Restart(refused);
            return (failure, refused);
        }
    }

    void Restart(bool connectionIsGood)
    {
        try
        {
            if (connectionIsGood) open?.RollBack();
        }
        catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
        {
            connectionIsGood = false;
        }
        if (connectionIsGood) return;
        open?.Dispose();
        open = null;
    }
}
