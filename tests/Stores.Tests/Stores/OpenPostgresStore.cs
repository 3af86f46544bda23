using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Host;
using Evergrain.Runtime;
using Evergrain.Stores.Postgres;
using Npgsql;

namespace Evergrain.Stores.Tests.Stores;

internal sealed class OpenPostgresStore : IOpenDurableStore
{
    readonly HeldThread writing = new(new BackgroundThread("store of a test"));
    readonly PostgresStore store;
    readonly string connection;

    public OpenPostgresStore(string connection)
    {
        this.connection = connection;
        var threads = new ThreadPoolExecutor();
        Assert.True(PostgresAddress.TryParse(connection, out var address, out _));
        store = PostgresStore.Open(new PostgresStoreOptions { Address = address, MaxRecordBytes = DurableStoreHouse.MaxRecordBytes, Timeout = TimeSpan.FromSeconds(10) }, new PostgresStorePorts(writing, threads, threads));
    }

    public IEntityStore Entities => store.Entities;
    public IClusterStore Cluster => store.Cluster;
    public IPackageStore Packages => store.Packages;
    public long Commits => store.Commits;
    public IDisposable HoldWrites() => writing.Hold();
    public ValueTask DisposeAsync() => store.DisposeAsync();

    public void Garble(EntityId id, Func<byte[], byte[]> change)
    {
        using var beside = new NpgsqlConnection($"{connection};Pooling=false");
        beside.Open();
        using var read = new NpgsqlCommand("SELECT record FROM evergrain.entity WHERE kind = $1 AND key = $2", beside) { Parameters = { new() { Value = id.Kind }, new() { Value = id.Key } } };
        using var write = new NpgsqlCommand("UPDATE evergrain.entity SET record = $3 WHERE kind = $1 AND key = $2", beside)
        {
            Parameters = { new() { Value = id.Kind }, new() { Value = id.Key }, new() { Value = change((byte[])read.ExecuteScalar()!) } },
        };
        Assert.Equal(1, write.ExecuteNonQuery());
    }
}
