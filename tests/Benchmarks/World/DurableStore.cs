using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Host;
using Evergrain.Runtime;
using Evergrain.Stores.Postgres;
using Evergrain.Stores.Sqlite;

namespace Evergrain.Benchmarks.World;

/// <summary>A durable store with the threads that a host gives it.</summary>
/// <param name="Commits">Transactions so far, each with one flush.</param>
internal sealed record DurableStore(IEntityStore Entities, IClusterStore Cluster, IPackageStore Packages, Func<long> Commits, IAsyncDisposable Opened) : IAsyncDisposable
{
    static readonly ThreadPoolExecutor Threads = new();

    public static DurableStore Sqlite(string file)
    {
        var store = SqliteStore.Open(new SqliteStoreOptions { File = file }, new SqliteStorePorts(new BackgroundThread("store"), Threads, Threads));
        return new DurableStore(store.Entities, store.Cluster, store.Packages, () => store.Commits, store);
    }

    public static DurableStore Postgres(string connection)
    {
        if (!PostgresAddress.TryParse(connection, out var address, out var problems)) throw new ArgumentException(string.Join(" ", problems));
        var store = PostgresStore.Open(new PostgresStoreOptions { Address = address }, new PostgresStorePorts(new BackgroundThread("store"), Threads, Threads));
        return new DurableStore(store.Entities, store.Cluster, store.Packages, () => store.Commits, store);
    }

    public ValueTask DisposeAsync() => Opened.DisposeAsync();
}
