using System.Data.Common;
using Evergrain.Stores.Sql;
using Npgsql;

namespace Evergrain.Stores.Postgres;

/// <summary>A connection that reads.</summary>
internal sealed class PostgresReading(NpgsqlConnection connection) : ISqlSession
{
    public int Change(string sql, params ReadOnlySpan<object> parameters) => Command(connection, sql, parameters).ExecuteNonQuery();
    public DbDataReader Query(string sql, params ReadOnlySpan<object> parameters) => Command(connection, sql, parameters).ExecuteReader();

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
