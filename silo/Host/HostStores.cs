using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Core.State.Watching;
using Evergrain.Runtime;
using Evergrain.Stores.Postgres;
using Evergrain.Stores.Sql;
using Evergrain.Stores.Sqlite;

namespace Evergrain.Host;

/// <summary>Entities, releases and packages of this host, and what must be closed at its end.</summary>
internal sealed record HostStores(IEntityStore Entities, IClusterStore Cluster, IPackageStore Packages, IAsyncDisposable? Opened = null) : IAsyncDisposable
{
    /// <summary>Opens what <c>--data</c> names; without it, memory, which ends with the process.</summary>
    /// <exception cref="CannotOpenStoreException"/>
    public static HostStores Open(string? data)
    {
        if (data is null) return new HostStores(new MemoryEntityStore(), new MemoryClusterStore(), new MemoryPackageStore());
        var pool = new ThreadPoolExecutor();
        var threads = new StoreThreads(new BackgroundThread("Evergrain store"), pool, pool);
        if (PostgresAddress.IsMeant(data))
        {
            if (!PostgresAddress.TryParse(data, out var address, out var problems)) throw new CannotOpenStoreException($"--data {string.Join(" ", problems)}");
            var server = PostgresStore.Open(new PostgresStoreOptions { Address = address }, threads);
            return Over(server, address.ToString(), new StoreBackup(null, address.ToString()));
        }
        var file = SqliteStore.Open(new SqliteStoreOptions { File = data }, threads);
        return Over(file, data, new StoreBackup(file, data));
    }

    /// <summary>Copies of it.</summary>
    public IStoreBackup Backup { get; init; } = new StoreBackup(null, null);

    /// <summary>For people; null for memory. Never with a password in it.</summary>
    public string? Where { get; init; }

    /// <summary>The same; what goes wrong with it is told. What is in memory cannot fail.</summary>
    public HostStores Watched(StoreWatch watch) =>
        Where is null ? this : this with { Entities = watch.Over(Entities), Cluster = watch.Over(Cluster), Packages = watch.Over(Packages) };

    /// <summary>What is wrong with the value of <c>--data</c>, as far as one can tell before opening it. Never with a password in it.</summary>
    public static IReadOnlyList<string> Problems(string data)
    {
        if (!PostgresAddress.IsMeant(data)) return SqliteStore.WhyNot(data) is { } why ? [$"'{data}' {why}"] : [];
        PostgresAddress.TryParse(data, out _, out var problems);
        return [.. problems.Select(problem => $"the connection {problem}")];
    }

    static HostStores Over(SqlStore store, string where, StoreBackup backup) => new(store.Entities, store.Cluster, store.Packages, store) { Where = where, Backup = backup };

    public ValueTask DisposeAsync() => Opened?.DisposeAsync() ?? default;
}
