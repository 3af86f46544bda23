using System.Data.Common;
using Evergrain.Stores.Sql;
using Microsoft.Data.Sqlite;

namespace Evergrain.Stores.Sqlite;

/// <summary>One connection with the statements that were prepared on it. Used by one thread at a time.</summary>
internal sealed class Statements(SqliteConnection connection) : ISqlSession, IDisposable
{
    readonly Dictionary<string, SqliteCommand> prepared = [];

    public int Change(string sql, params ReadOnlySpan<object> parameters) => Command(sql, parameters).ExecuteNonQuery();

    public DbDataReader Query(string sql, params ReadOnlySpan<object> parameters) => Command(sql, parameters).ExecuteReader();

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }

    SqliteCommand Command(string sql, ReadOnlySpan<object> parameters)
    {
        if (prepared.TryGetValue(sql, out var command))
        {
            for (var i = 0; i < parameters.Length; i++) command.Parameters[i].Value = parameters[i];
            return command;
        }
        command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters.Length; i++) command.Parameters.AddWithValue($"${i + 1}", parameters[i]);
        prepared.Add(sql, command);
        return command;
    }
}
