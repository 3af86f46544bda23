using Evergrain.Core.State.Batching;
using Evergrain.Stores.Sql;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>The connections to a database: one writes, entities by one statement a batch, and beside it several read.</summary>
/// <param name="connect">Another that writes.</param>
/// <param name="opened">The first that writes.</param>
internal sealed class PostgresDatabase(NpgsqlDataSource reading, Func<NpgsqlConnection> connect, NpgsqlConnection opened) : ISqlDatabase
{
    const int MostTries = 5;
    PostgresWriting? open = new(opened); // of the writing thread

    public SqlDialect Dialect { get; } = new(Schema: "evergrain.", Locking: " FOR UPDATE", Wakes: "wakes");
    public int MostAtOnce => 256;

    public CommitFailure? Commit(IReadOnlyList<StoreWork<ISqlWriting>> batch)
    {
        var failure = Try(batch);
        for (var tries = 1; tries < MostTries && failure is not null && PostgresErrors.IsCollision(failure); tries++) failure = Try(batch);
        return failure is null ? null : new CommitFailure(PostgresErrors.Of(failure), PostgresErrors.LeavesNothing(failure));
    }

    public void Read(StoreWork<ISqlSession> question)
    {
        try
        {
            using (var connection = reading.OpenConnection()) question.Do(new PostgresReading(connection));
            question.Stands();
        }
        catch (Exception failure)
        {
            // After an outage every connection that was kept is of no use.
            if (failure is NpgsqlException and not PostgresException) reading.Clear();
            question.Failed(PostgresErrors.Of(failure));
        }
    }

    public ValueTask DisposeAsync()
    {
        open?.Dispose();
        return reading.DisposeAsync();
    }

    Exception? Try(IReadOnlyList<StoreWork<ISqlWriting>> batch)
    {
        try
        {
            open ??= new PostgresWriting(connect());
            foreach (var piece in batch) piece.Do(open);
            open.Commit();
            return null;
        }
        catch (Exception failure)
        {
            Restart(PostgresErrors.LeavesNothing(failure));
            return failure;
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
        if (connectionIsGood && open is { IsOpen: true }) return;
        open?.Dispose();
        open = null;
    }
}
