using Evergrain.Core.Rollouts;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>The tables, which stand in <c>deploy/sql/postgres.sql</c>, and which version of them a database has.</summary>
internal static class PostgresSchema
{
    const long Current = 1;
    const long MakingLock = 0x4556_4552_0001; // two hosts that begin at once: one makes the tables

    /// <summary>Makes the tables where there are none, all or nothing.</summary>
    /// <exception cref="InvalidDataException">A newer host made them.</exception>
    /// <exception cref="PostgresException">The role may not make them.</exception>
    public static void Begin(NpgsqlConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        Run(connection, $"SELECT pg_advisory_xact_lock({MakingLock})");
        if (Scalar(connection, "SELECT to_regclass('evergrain.store') IS NULL") is true)
            Run(connection, Tables());
        if (Scalar(connection, "SELECT schema FROM evergrain.store") is not Current and var schema)
            throw new InvalidDataException($"its tables are of schema {schema}, and this host knows {Current}: a newer host made them.");
        if (Scalar(connection, "SELECT count(*) FROM evergrain.cluster") is 0L)
        {
            using var first = new NpgsqlCommand("INSERT INTO evergrain.cluster VALUES (1, 1, $1) ON CONFLICT DO NOTHING", connection) { Parameters = { new() { Value = ClusterFormat.Encode(ClusterRecord.First) } } };
            first.ExecuteNonQuery();
        }
        transaction.Commit();
    }

    static string Tables()
    {
        using var file = new StreamReader(typeof(PostgresSchema).Assembly.GetManifestResourceStream("postgres.sql")!);
        return file.ReadToEnd();
    }

    static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    static object? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }
}
