using Evergrain.Core.State;
using Evergrain.Core.State.Batching;
using Evergrain.Runtime;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>Reads beside the writer, a few at a time. Safe from any thread.</summary>
internal sealed class PostgresReaders
{
    const int MostAtOnce = 16, MostWaiting = 65_536;
    readonly NpgsqlDataSource source;
    readonly IExecutor answers;
    readonly Batches<StoreWork<NpgsqlConnection>> batches;

    /// <param name="lanes">How many reads may be under way at a time.</param>
    public PostgresReaders(NpgsqlDataSource source, IExecutor threads, IExecutor answers, int lanes)
    {
        (this.source, this.answers) = (source, answers);
        batches = new Batches<StoreWork<NpgsqlConnection>>(threads, Read, lanes, MostAtOnce, MostWaiting);
    }

    /// <exception cref="StoreUnavailableException"/>
    public ValueTask<T> Ask<T>(Func<NpgsqlConnection, T> question)
    {
        var piece = new StoreWork<NpgsqlConnection, T>(answers, question);
        if (!batches.TryAdd(piece)) throw new StoreUnavailableException($"the store is closed, or {MostWaiting} reads wait.");
        return piece.Answer;
    }

    public Task Close() => batches.Close();

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    void Read(IReadOnlyList<StoreWork<NpgsqlConnection>> batch)
    {
        foreach (var piece in batch) Read(piece);
    }

    void Read(StoreWork<NpgsqlConnection> piece)
    {
        try
        {
            using (var connection = source.OpenConnection()) piece.Do(connection);
            piece.Stands();
        }
        catch (Exception failure)
        {
            // After an outage every connection that was kept is of no use.
            if (failure is NpgsqlException and not PostgresException) source.Clear();
            piece.Failed(PostgresErrors.Of(failure));
        }
    }
}
