using Evergrain.Host;
using Evergrain.Stores.Postgres;
using Evergrain.Stores.Sql;
using Evergrain.Stores.Sqlite;

namespace Evergrain.Benchmarks.World;

/// <summary>Durable stores with the threads that a host gives them.</summary>
internal static class DurableStore
{
    static readonly ThreadPoolExecutor Pool = new();

    public static SqlStore Sqlite(string file) => SqliteStore.Open(new SqliteStoreOptions { File = file }, Threads());

    public static SqlStore Postgres(string connection) => PostgresAddress.TryParse(connection, out var address, out var problems)
        ? PostgresStore.Open(new PostgresStoreOptions { Address = address }, Threads())
        : throw new ArgumentException(string.Join(" ", problems));

    static StoreThreads Threads() => new(new BackgroundThread("store"), Pool, Pool);
}
