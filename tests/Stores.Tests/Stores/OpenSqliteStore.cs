using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Host;
using Evergrain.Runtime;
using Evergrain.Stores.Sqlite;
using Microsoft.Data.Sqlite;

namespace Evergrain.Stores.Tests.Stores;

internal sealed class OpenSqliteStore : IOpenDurableStore
{
    readonly HeldThread writing = new(new BackgroundThread("store of a test"));
    readonly SqliteStore store;
    readonly string file;

    public OpenSqliteStore(string file, long? maxFileBytes = null)
    {
        this.file = file;
        var threads = new ThreadPoolExecutor();
        store = SqliteStore.Open(new SqliteStoreOptions { File = file, MaxRecordBytes = DurableStoreHouse.MaxRecordBytes, MaxFileBytes = maxFileBytes }, new SqliteStorePorts(writing, threads, threads));
    }

    public IEntityStore Entities => store.Entities;
    public IClusterStore Cluster => store.Cluster;
    public IPackageStore Packages => store.Packages;
    public long Commits => store.Commits;
    public IDisposable HoldWrites() => writing.Hold();
    public ValueTask DisposeAsync() => store.DisposeAsync();

    public void Garble(EntityId id, Func<byte[], byte[]> change)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = "SELECT record FROM entity WHERE kind || '/' || key = $id";
        read.Parameters.AddWithValue("$id", id.ToString());
        using var write = connection.CreateCommand();
        write.CommandText = "UPDATE entity SET record = $record WHERE kind || '/' || key = $id";
        write.Parameters.AddWithValue("$id", id.ToString());
        write.Parameters.AddWithValue("$record", change((byte[])read.ExecuteScalar()!));
        Assert.Equal(1, write.ExecuteNonQuery());
    }
}
