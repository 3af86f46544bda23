using Evergrain.Core.State;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>What goes wrong with the server, as the ports say it.</summary>
internal static class PostgresErrors
{
    const string OperatorIntervention = "57"; // a class: the server goes down, or an administrator ended the session

    public static Exception Of(Exception thrown) => thrown switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full => new StoreFullException($"The server has no room: {full.MessageText}"),
        StoreUnavailableException or UnreadableRecordException or StoreFullException => thrown,
        PostgresException said => new StoreUnavailableException($"PostgreSQL {said.SqlState}: {said.MessageText}"),
        NpgsqlException { InnerException: { } inside } outside => new StoreUnavailableException($"{outside.Message.TrimEnd('.')}: {inside.Message}"),
        _ => new StoreUnavailableException($"{thrown.GetType().Name}: {thrown.Message}"),
    };

    /// <summary>The server says that it did nothing of it. A connection that breaks says nothing.</summary>
    public static bool LeavesNothing(Exception thrown) => thrown is PostgresException { SqlState: var state } && !state.StartsWith(OperatorIntervention, StringComparison.Ordinal);

    /// <summary>Two batches of different hosts were in each other's way: again.</summary>
    public static bool IsCollision(Exception thrown) => thrown is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>Why the database cannot be a store.</summary>
    public static string WhyNot(Exception thrown) => thrown switch
    {
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => "another host uses it.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => $"{denied.MessageText}. Run deploy/sql/postgres.sql as a role that may, and grant this one what stands there.",
        PostgresException said => $"{said.MessageText} ({said.SqlState}).",
        NpgsqlException { InnerException: { } inside } outside => $"{outside.Message.TrimEnd('.')}: {inside.Message}",
        _ => thrown.Message,
    };
}
