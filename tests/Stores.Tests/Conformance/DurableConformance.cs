using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>What every store does that outlives the process.</summary>
public abstract class DurableConformance(DurableStoreHouse house) : StoreTest(house)
{
    IOpenDurableStore Durable => (IOpenDurableStore)Store;

    [StoreFact]
    public async Task Everything_is_there_when_it_is_opened_again()
    {
        var etag = Written(await Write(Sample.Entity("box/a", "kept", wakes: true), null));
        var first = await Store.Cluster.Read(default);
        await Store.Cluster.Write(first with { Release = Sample.Release(1), Rollout = Sample.Rollout(1), Incarnation = 3 }, first.Etag, default);
        await Store.Packages.Publish(Sample.Package("lab", "1.0.0"), default);

        await Reopen();

        Assert.Equal("kept", Sample.State(await Store.Entities.Read(EntityId.Parse("box/a"))));
        Assert.Equal("box/a", Assert.Single(await Store.Entities.WakeUps()).ToString());
        var record = await Store.Cluster.Read(default);
        Assert.Equal((3L, 1L, "r1"), (record.Incarnation, record.Epoch, record.Rollout!.Id));
        var history = await Store.Cluster.History(default);
        Assert.Equal((1, 1), (history.Releases.Count, history.Rollouts.Count));
        Assert.NotNull(await Store.Packages.Read(Sample.Package("lab", "1.0.0").Ref.Digest, default));
        Assert.NotEqual(etag, Written(await Write(Sample.Entity("box/a", "on"), etag)));
    }

    [StoreFact]
    public async Task Etags_given_after_it_was_opened_again_were_never_given_before()
    {
        var record = Sample.Entity("box/a");
        var before = Written(await Write(record, null));
        Written(await Delete(record, before));
        await Reopen();

        Assert.NotEqual(before, Written(await Write(record, null)));
        Assert.True((await Write(record, before)).Conflict);
    }

    [StoreFact]
    public async Task Whatever_waits_to_be_written_is_written_in_one_transaction()
    {
        var before = Durable.Commits;
        Task<WriteOutcome>[] writes;
        using (Durable.HoldWrites()) writes = [.. Enumerable.Range(0, 64).Select(i => Write(Sample.Entity($"box/{i}"), null))];

        foreach (var outcome in await Task.WhenAll(writes)) Written(outcome);
        Assert.Equal(before + 1, Durable.Commits);
    }

    [StoreFact]
    public async Task Writes_of_one_entity_that_wait_together_are_judged_one_after_the_other()
    {
        var etag = Written(await Write(Sample.Entity("box/a", "0"), null));
        Task<WriteOutcome>[] writes;
        using (Durable.HoldWrites()) writes = [.. Enumerable.Range(1, 5).Select(i => Write(Sample.Entity("box/a", i.ToString()), etag))];

        Assert.Single(await Task.WhenAll(writes), outcome => !outcome.Conflict);
    }

    [StoreFact]
    public async Task A_garbled_record_says_so_is_listed_as_such_and_no_other_is_affected()
    {
        await Write(Sample.Entity("box/a"), null);
        await Write(Sample.Entity("box/b", wakes: true), null);
        await Write(Sample.Entity("box/c"), null);
        Durable.Garble(EntityId.Parse("box/b"), bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]);

        var unreadable = await Assert.ThrowsAsync<UnreadableRecordException>(async () => await Store.Entities.Read(EntityId.Parse("box/b")));
        Assert.Equal("box/b", unreadable.Record.Id.ToString());
        Assert.NotNull(await Store.Entities.Read(EntityId.Parse("box/a")));
        Assert.Single(await Store.Entities.WakeUps());
        var page = await Store.Entities.List(new EntityQuery());
        Assert.Equal(["box/a", "box/c"], page.Records.Select(record => record.Id.ToString()));
        Assert.Equal(unreadable.Record, Assert.Single(page.Unreadable));

        Written(await Write(Sample.Entity("box/b", "restored"), unreadable.Record.Etag));
        Assert.Equal("restored", Sample.State(await Store.Entities.Read(EntityId.Parse("box/b"))));
    }

    [StoreTheory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(30)]
    public async Task A_record_that_is_cut_off_can_be_discarded(int left)
    {
        await Write(Sample.Entity("box/a"), null);
        Durable.Garble(EntityId.Parse("box/a"), bytes => bytes[..left]);

        var page = await Store.Entities.List(new EntityQuery(Limit: 1));
        Assert.Equal("box/a", page.Next.ToString());
        Written(await Delete(Sample.Entity("box/a"), Assert.Single(page.Unreadable).Etag));
        Assert.Null(await Store.Entities.Read(EntityId.Parse("box/a")));
    }

    [StoreFact]
    public async Task A_record_larger_than_the_limit_is_refused_and_the_rest_of_its_batch_is_not()
    {
        var large = Sample.Entity("box/large", new string('x', DurableStoreHouse.MaxRecordBytes + 1));

        var outcomes = await Store.Entities.Write([new(Sample.Entity("box/a"), null), new(large, null), new(Sample.Entity("box/b"), null)]);

        Written(outcomes[0]);
        Written(outcomes[2]);
        Assert.Equal(ErrorCodes.RecordTooLarge, outcomes[1].Refused!.Code);
        Assert.False(outcomes[1].Conflict);
        Assert.Null(await Store.Entities.Read(large.Id));
    }

    [StoreFact]
    public async Task A_broken_rule_of_the_record_fails_nothing_that_waits_beside_it()
    {
        var first = await Store.Cluster.Read(default);
        Task<WriteOutcome> write;
        ValueTask<ClusterWriteOutcome> broken;
        using (Durable.HoldWrites())
        {
            broken = Store.Cluster.Write(first with { Release = Sample.Release(9) }, first.Etag, default);
            write = Write(Sample.Entity("box/a"), null);
        }
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await broken);
        Written(await write);
    }

    [StoreFact]
    public async Task What_was_taken_before_the_end_is_written_and_after_it_the_store_is_unavailable()
    {
        Task<WriteOutcome> write;
        Task closing;
        using (Durable.HoldWrites())
        {
            write = Write(Sample.Entity("box/a"), null);
            closing = Store.DisposeAsync().AsTask();
        }
        Written(await write);
        await closing;

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Entities.Write([new(Sample.Entity("box/b"), null)]));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Entities.Read(EntityId.Parse("box/a")));
        await Reopen();
        Assert.NotNull(await Store.Entities.Read(EntityId.Parse("box/a")));
    }
}
