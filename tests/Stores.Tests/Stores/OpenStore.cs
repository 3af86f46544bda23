using System.Data.Common;
using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Host;
using Evergrain.Runtime;
using Evergrain.Stores.Postgres;
using Evergrain.Stores.Sql;
using Evergrain.Stores.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Evergrain.Stores.Tests.Stores;

/// <summary>A store in tables, with a way beside it.</summary>
internal sealed class OpenStore : IOpenDurableStore
{
    readonly HeldThread writing = new(new BackgroundThread("store of a test"));
    readonly SqlStore store;
    readonly Func<DbConnection> beside;
    readonly string table;

    OpenStore(Func<StoreThreads, SqlStore> open, Func<DbConnection> beside, string table)
    {
        var threads = new ThreadPoolExecutor();
        store = open(new StoreThreads(writing, threads, threads));
        (this.beside, this.table) = (beside, table);
    }

    public static OpenStore Sqlite(string file, long? maxFileBytes = null) => new(
        threads => SqliteStore.Open(new SqliteStoreOptions { File = file, MaxRecordBytes = DurableStoreHouse.MaxRecordBytes, MaxFileBytes = maxFileBytes }, threads),
        () => new SqliteConnection($"Data Source={file};Pooling=False"), "entity");

    public static OpenStore Postgres(string connection, TimeSpan? timeout = null)
    {
        Assert.True(PostgresAddress.TryParse(connection, out var address, out _));
        return new OpenStore(
            threads => PostgresStore.Open(new PostgresStoreOptions { Address = address, MaxRecordBytes = DurableStoreHouse.MaxRecordBytes, Timeout = timeout ?? TimeSpan.FromSeconds(10) }, threads),
            () => new NpgsqlConnection($"{connection};Pooling=false"), "evergrain.entity");
    }

    public IEntityStore Entities => store.Entities;
    public IClusterStore Cluster => store.Cluster;
    public IPackageStore Packages => store.Packages;
    public long Commits => store.Commits;
    public IDisposable HoldWrites() => writing.Hold();
    public ValueTask DisposeAsync() => store.DisposeAsync();

    public void Garble(EntityId id, Func<byte[], byte[]> change)
    {
        using var connection = beside();
        connection.Open();
        using var read = Command($"SELECT record FROM {table} WHERE kind = @kind AND key = @key");
        using var write = Command($"UPDATE {table} SET record = @record WHERE kind = @kind AND key = @key");
        Set(write, "record", change((byte[])read.ExecuteScalar()!));
        Assert.Equal(1, write.ExecuteNonQuery());

        DbCommand Command(string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            Set(command, "kind", id.Kind);
            Set(command, "key", id.Key);
            return command;
        }

        static void Set(DbCommand command, string name, object value)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@{name}", value);
            command.Parameters.Add(parameter);
        }
    }
}
