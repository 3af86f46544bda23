using Evergrain.Stores.Tests.Stores;

namespace Evergrain.CrashPoints.Stores;

/// <summary>Databases on a PostgreSQL server of its own.</summary>
internal sealed class PostgresHouse : IStoreHouse
{
    readonly PostgresServer server = new();
    string opened = "";
    int made;

    public Task Make() => server.Make();

    public Task<StorePlace> New() => Make("");
    public Task<StorePlace> Opened() => Make($" TEMPLATE {opened}");
    public void Keep(StorePlace place) => opened = place.Data.Split(';').Single(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];
    public ValueTask DisposeAsync() => server.DisposeAsync();

    Task<StorePlace> Make(string how) => Task.Run(() =>
    {
        var name = $"point{Interlocked.Increment(ref made)}";
        server.Execute("postgres", $"CREATE DATABASE {name}{how}");
        return new StorePlace(server.Connection(name), () =>
        {
            server.Execute("postgres", $"DROP DATABASE {name} WITH (FORCE)");
            return default;
        });
    });
}
