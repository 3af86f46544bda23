using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Stores.Tests.Conformance;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests;

[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresEntityTests(PostgresHouse house) : EntityConformance(house);

[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresListingTests(PostgresHouse house) : ListingConformance(house);

[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresClusterTests(PostgresHouse house) : ClusterConformance(house);

[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresPackageTests(PostgresHouse house) : PackageConformance(house);

[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresDurableTests(PostgresHouse house) : DurableConformance(house);

/// <summary>What only a server can do.</summary>
[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresServerTests(PostgresHouse house) : StoreTest(house)
{
    readonly PostgresHouse house = house;

    [StoreFact]
    public async Task A_server_that_is_gone_is_unavailable_and_once_it_is_back_nothing_is_lost()
    {
        var etag = Written(await Write(Sample.Entity("box/a", "kept"), null));
        await house.Server.Stop();
        try
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Write(Sample.Entity("box/a", "lost"), etag));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Write(Sample.Entity("box/b"), null));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Entities.Read(EntityId.Parse("box/a")));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Cluster.Read(default));
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Packages.Publish(Sample.Package("lab", "1.0.0"), default));
        }
        finally
        {
            await house.Server.Start();
        }

        var read = await Store.Entities.Read(EntityId.Parse("box/a"));
        Assert.Equal(("kept", etag), (Sample.State(read), read!.Etag));
        Written(await Write(Sample.Entity("box/a", "on"), etag));
    }

    [StoreFact]
    public async Task A_session_that_was_ended_costs_one_unanswered_write_and_the_next_one_has_another()
    {
        Written(await Write(Sample.Entity("box/a"), null));
        house.Server.Execute(house.Database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'evergrain%' AND datname = current_database()");

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Write(Sample.Entity("box/b"), null));
        Written(await Write(Sample.Entity("box/b"), null));
    }

    [StoreFact]
    public async Task Another_host_over_the_same_database_is_refused_until_the_first_has_left()
    {
        var refused = Assert.Throws<CannotOpenStoreException>(() => OpenStore.Postgres(house.Server.Connection(house.Database)));
        Assert.Contains("another host uses it", refused.Message, StringComparison.Ordinal);
        await Reopen();
    }

    [StoreFact]
    public void A_database_that_is_not_there_says_so()
    {
        var refused = Assert.Throws<CannotOpenStoreException>(() => OpenStore.Postgres(house.Server.Connection("nowhere")));
        Assert.Contains("\"nowhere\" does not exist", refused.Message, StringComparison.Ordinal);
    }

    [StoreFact]
    public async Task Where_the_role_may_not_make_the_tables_the_file_makes_them()
    {
        await house.Empty();
        house.Server.Execute(house.Database, "DROP ROLE IF EXISTS guest; CREATE ROLE guest LOGIN");
        var guest = house.Server.Connection(house.Database, "guest");

        Assert.Contains("deploy/sql/postgres.sql", Assert.Throws<CannotOpenStoreException>(() => OpenStore.Postgres(guest)).Message, StringComparison.Ordinal);

        using var file = new StreamReader(typeof(Postgres.PostgresStore).Assembly.GetManifestResourceStream("postgres.sql")!);
        house.Server.Execute(house.Database, await file.ReadToEndAsync());
        house.Server.Execute(house.Database, """
            GRANT USAGE ON SCHEMA evergrain TO guest;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA evergrain TO guest;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA evergrain TO guest;
            """);
        await using var store = OpenStore.Postgres(guest);
        Written((await store.Entities.Write([new(Sample.Entity("box/a"), null)]))[0]);
        Assert.Equal(0, (await store.Cluster.Read(default)).Epoch);
    }

    [StoreFact]
    public async Task Tables_of_a_newer_host_are_not_touched()
    {
        await Store.DisposeAsync();
        house.Server.Execute(house.Database, "UPDATE evergrain.store SET schema = 2");
        Assert.Contains("newer host", Assert.Throws<CannotOpenStoreException>(() => OpenStore.Postgres(house.Server.Connection(house.Database))).Message, StringComparison.Ordinal);
    }
}
