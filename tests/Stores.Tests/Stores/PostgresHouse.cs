namespace Evergrain.Stores.Tests.Stores;

/// <summary>One server for all tests over PostgreSQL; each test has a database of its own.</summary>
public sealed class PostgresHouse : DurableStoreHouse, IAsyncLifetime
{
    int stores;

    internal PostgresServer Server { get; } = new();
    internal string Database => $"store{stores}";

    public Task InitializeAsync() => PostgresServer.WhyNot is null ? Server.Make() : Task.CompletedTask;

    public override Task Empty()
    {
        stores++;
        Server.Execute("postgres", $"CREATE DATABASE {Database}");
        return Task.CompletedTask;
    }

    public override Task<IOpenStore> Open() => Task.FromResult<IOpenStore>(OpenStore.Postgres(Server.Connection(Database)));

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresHouse>
{
    public const string Name = "PostgreSQL";
}
