using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>What every entity store does, whatever it keeps records in.</summary>
public abstract class EntityConformance(StoreHouse house) : StoreTest(house)
{
    [StoreFact]
    public async Task A_record_is_written_where_there_is_none_and_read_again()
    {
        var record = Sample.Entity("box/a", """{"gold":7}""", epoch: 4);

        var etag = Written(await Write(record, null));
        var read = await Store.Entities.Read(record.Id);

        Assert.Equal((record.WriteId, 4L, etag, true), (read!.WriteId, read.Epoch, read.Etag, read.Created));
        Assert.Equal("""{"gold":7}""", Sample.State(read));
        Assert.Equal(record.Frames, read.Frames);
        Assert.Null(await Store.Entities.Read(EntityId.Parse("box/b")));
        Assert.Null(await Store.Entities.Read(EntityId.Parse("crate/a")));
    }

    [StoreFact]
    public async Task Where_there_is_one_a_write_that_expects_none_is_a_conflict()
    {
        var first = Sample.Entity("box/a", "first");
        await Write(first, null);

        Assert.True((await Write(Sample.Entity("box/a", "second"), null)).Conflict);
        Assert.Equal(first.WriteId, (await Store.Entities.Read(first.Id))!.WriteId);
    }

    [StoreFact]
    public async Task A_wrong_etag_is_a_conflict_and_never_an_overwrite()
    {
        var old = Written(await Write(Sample.Entity("box/a", "one"), null));
        var now = Written(await Write(Sample.Entity("box/a", "two"), old));

        foreach (var wrong in (string[])[old, "", "nonsense", "-1", $"{now}0"]) Assert.True((await Write(Sample.Entity("box/a", "three"), wrong)).Conflict);
        Assert.True((await Write(Sample.Entity("box/b", "three"), now)).Conflict);
        Assert.Equal("two", Sample.State(await Store.Entities.Read(EntityId.Parse("box/a"))));
        Assert.Null(await Store.Entities.Read(EntityId.Parse("box/b")));
        Written(await Write(Sample.Entity("box/a", "three"), now));
    }

    [StoreFact]
    public async Task An_etag_is_never_given_twice_though_the_entity_was_gone_meanwhile()
    {
        var record = Sample.Entity("box/a");
        var etags = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            var etag = Written(await Write(record, null));
            Assert.True(etags.Add(etag));
            Written(await Delete(record, etag));
        }
    }

    [StoreFact]
    public async Task A_delete_needs_the_right_etag_and_one_of_nothing_is_done_already()
    {
        var record = Sample.Entity("box/a", wakes: true);
        var etag = Written(await Write(record, null));

        Assert.True((await Delete(record, $"{etag}1")).Conflict);
        Assert.True((await Delete(record, null)).Conflict);
        Assert.NotNull(await Store.Entities.Read(record.Id));
        Written(await Delete(record, etag));
        Assert.Null(await Store.Entities.Read(record.Id));
        Assert.Empty(await Store.Entities.WakeUps());
        Written(await Delete(record, etag));
        Assert.True((await Write(record, etag)).Conflict);
    }

    [StoreFact]
    public async Task Each_write_of_a_batch_stands_on_its_own_condition_and_outcomes_keep_the_order()
    {
        var kept = Written(await Write(Sample.Entity("box/kept", "old"), null));
        var gone = Written(await Write(Sample.Entity("box/gone"), null));

        var outcomes = await Store.Entities.Write(
        [
            new(Sample.Entity("box/new", "1"), null), new(Sample.Entity("box/kept", "2"), $"{kept}7"), new(Sample.Entity("box/gone"), gone, Delete: true),
            new(Sample.Entity("box/kept", "3"), kept), new(Sample.Entity("box/new", "4"), null), new(Sample.Entity("box/never"), null, Delete: true),
        ]);

        Assert.Equal([false, true, false, false, true, false], outcomes.Select(outcome => outcome.Conflict));
        Assert.Equal("1", Sample.State(await Store.Entities.Read(EntityId.Parse("box/new"))));
        Assert.Equal("3", Sample.State(await Store.Entities.Read(EntityId.Parse("box/kept"))));
        Assert.Equal(outcomes[3].Etag, (await Store.Entities.Read(EntityId.Parse("box/kept")))!.Etag);
        Assert.Null(await Store.Entities.Read(EntityId.Parse("box/gone")));
        Assert.Empty(await Store.Entities.Write([]));
    }

    [StoreFact]
    public async Task The_wake_up_index_follows_the_records()
    {
        var etag = Written(await Write(Sample.Entity("box/a", wakes: true), null));
        await Write(Sample.Entity("box/b", wakes: true), null);
        await Write(Sample.Entity("box/c"), null);
        Assert.Equal(["box/a", "box/b"], await Awake());

        Assert.True((await Write(Sample.Entity("box/c", wakes: true), "1234567")).Conflict);
        Assert.True((await Write(Sample.Entity("box/b"), null)).Conflict);
        Assert.Equal(["box/a", "box/b"], await Awake());

        etag = Written(await Write(Sample.Entity("box/a"), etag));
        Assert.Equal(["box/b"], await Awake());
        await Write(Sample.Entity("box/a", wakes: true), etag);
        Assert.Equal(["box/a", "box/b"], await Awake());

        async Task<IEnumerable<string>> Awake() => (await Store.Entities.WakeUps()).Select(id => id.ToString()).Order(StringComparer.Ordinal);
    }

    [StoreFact]
    public async Task The_write_id_tells_an_own_write_from_another_owners()
    {
        var (mine, others) = (Sample.Entity("box/a", "mine"), Sample.Entity("box/a", "another's"));
        var etag = Written(await Write(mine, null));
        Assert.Equal(mine.WriteId, (await Store.Entities.Read(mine.Id))!.WriteId);

        await Write(others, etag);
        Assert.Equal(others.WriteId, (await Store.Entities.Read(mine.Id))!.WriteId);
    }

    [StoreFact]
    public async Task Of_many_who_write_over_the_same_etag_one_wins_each_time()
    {
        const int Writers = 8, Rounds = 15;
        var id = EntityId.Parse("box/count");
        await Write(Sample.Entity("box/count", "0"), null);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(async () =>
        {
            for (var added = 0; added < Rounds;)
            {
                var read = (await Store.Entities.Read(id))!;
                var next = (int.Parse(Sample.State(read)) + 1).ToString();
                if (!(await Write(Sample.Entity("box/count", next), read.Etag)).Conflict) added++;
            }
        })));

        Assert.Equal((Writers * Rounds).ToString(), Sample.State(await Store.Entities.Read(id)));
    }

    [StoreFact]
    public async Task Many_who_write_different_entities_at_once_are_all_written()
    {
        const int Entities = 600;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Entities).Select(i => Task.Run(() => Write(Sample.Entity($"box/{i}", i.ToString()), null))));

        for (var i = 0; i < Entities; i++)
        {
            var read = await Store.Entities.Read(EntityId.Parse($"box/{i}"));
            Assert.Equal((i.ToString(), Written(outcomes[i])), (Sample.State(read), read!.Etag));
        }
    }
}
