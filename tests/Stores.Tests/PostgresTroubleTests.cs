using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Stores.Tests.Conformance;
using Evergrain.Stores.Tests.Stores;
using Npgsql;

namespace Evergrain.Stores.Tests;

/// <summary>A server that is slow, and one that is full.</summary>
[Collection(PostgresCollection.Name), Needs(typeof(PostgresServer))]
public sealed class PostgresTroubleTests(PostgresHouse house) : StoreTest(house)
{
    readonly PostgresHouse house = house;

    [StoreTheory]
    [InlineData("LOCK TABLE evergrain.entity IN ACCESS EXCLUSIVE MODE", false)] // The server gives it up when it hears that nobody waits any more.
    [InlineData("SELECT pg_advisory_xact_lock(7)", true)] // The trigger does not: the server does the write once it can, and has nobody to tell.
    public async Task A_write_that_took_too_long_is_unavailable_and_later_its_id_tells_whether_it_was_done(string hindrance, bool done)
    {
        house.Server.Execute(house.Database, """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                LOOP
                    BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; EXCEPTION WHEN query_canceled THEN NULL; END;
                END LOOP;
            END $$;
            CREATE TRIGGER wait BEFORE INSERT ON evergrain.entity FOR EACH ROW EXECUTE FUNCTION wait();
            """);
        await Store.DisposeAsync();
        var record = Sample.Entity("box/a");
        await using (var slow = OpenStore.Postgres(house.Server.Connection(house.Database), timeout: TimeSpan.FromSeconds(1)))
        {
            await using var other = new NpgsqlConnection($"{house.Server.Connection(house.Database)};Pooling=false");
            await other.OpenAsync();
            await using var holding = await other.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand(hindrance, other);
            await hold.ExecuteNonQueryAsync();

            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await slow.Entities.Write([new(record, null)]));
        }

        // It opens once the session that wrote is over.
        await Reopen();
        Assert.Equal(done ? record.WriteId : null, (await Store.Entities.Read(record.Id))?.WriteId);
        Assert.Equal(done, (await Write(record, null)).Conflict);
    }

    [StoreFact]
    public async Task A_server_without_room_refuses_what_does_not_fit_and_takes_what_waits_beside_it()
    {
        house.Server.Execute(house.Database, """
            CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
            CREATE TRIGGER fill BEFORE INSERT OR UPDATE ON evergrain.entity FOR EACH ROW WHEN (NEW.key = 'large') EXECUTE FUNCTION fill();
            CREATE TRIGGER fill BEFORE INSERT ON evergrain.package FOR EACH ROW EXECUTE FUNCTION fill();
            """);
        ValueTask<IReadOnlyList<WriteOutcome>> small, large;
        using (((IOpenDurableStore)Store).HoldWrites())
        {
            small = Store.Entities.Write([new(Sample.Entity("box/small"), null)]);
            large = Store.Entities.Write([new(Sample.Entity("box/large"), null)]);
        }

        var refused = (await large)[0];
        Assert.Equal((ErrorCodes.StoreFull, false), (refused.Refused?.Code, refused.Conflict));
        Assert.NotNull(refused.Refused!.RetryAfterMs);
        Written((await small)[0]);
        Assert.Null(await Store.Entities.Read(EntityId.Parse("box/large")));
        Assert.Equal(ErrorCodes.StoreFull, (await Assert.ThrowsAsync<FindingsException>(async () => await Store.Packages.Publish(Sample.Package("lab", "1.0.0"), default))).Code);
    }
}
