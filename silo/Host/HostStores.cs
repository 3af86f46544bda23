using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;
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
        var threads = new ThreadPoolExecutor();
        var file = SqliteStore.Open(new SqliteStoreOptions { File = data }, new SqliteStorePorts(new BackgroundThread("Evergrain store"), threads, threads));
        return new HostStores(file.Entities, file.Cluster, file.Packages, file);
    }

    /// <summary>What is wrong with the value of <c>--data</c>, as far as one can tell before opening it.</summary>
    public static IReadOnlyList<string> Problems(string data) => SqliteStore.WhyNot(data) is { } why ? [$"'{data}' {why}"] : [];

    public ValueTask DisposeAsync() => Opened?.DisposeAsync() ?? default;
}
