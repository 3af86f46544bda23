using System.Text.Json;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Stores.Tests.Conformance;

/// <summary>What every store of the cluster record does.</summary>
public abstract class ClusterConformance(StoreHouse house) : StoreTest(house)
{
    [StoreFact]
    public async Task A_new_store_serves_nothing_at_epoch_0_of_its_first_life()
    {
        var record = await Read();
        Assert.Equal((0L, 1L), (record.Epoch, record.Incarnation));
        Assert.Null(record.Rollout);
        Assert.Empty(record.Silos);
        Assert.Empty((await Store.Cluster.History(default)).Releases);
    }

    [StoreFact]
    public async Task A_record_is_read_as_it_was_written_with_its_new_etag()
    {
        var first = await Read();
        var next = first with
        {
            Release = Sample.Release(1), Rollout = Sample.Rollout(1, RolloutPhase.Draining), WriteId = Guid.NewGuid(), Incarnation = 2,
            Silos = [new EnrolledSilo("silo-1", Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddDays(20_000))],
        };

        var written = Assert.IsType<ClusterWriteOutcome.Written>(await Store.Cluster.Write(next, first.Etag, default)).Record;

        Assert.NotEqual(first.Etag, written.Etag);
        Assert.Equal(Text(next with { Etag = written.Etag }), Text(written));
        Assert.Equal(Text(written), Text(await Read()));
    }

    [StoreFact]
    public async Task A_wrong_etag_is_a_conflict_that_shows_what_is_there()
    {
        var first = await Read();
        var mine = first with { WriteId = Guid.NewGuid() };
        await Store.Cluster.Write(mine, first.Etag, default);

        var conflict = Assert.IsType<ClusterWriteOutcome.Conflict>(await Store.Cluster.Write(first with { WriteId = Guid.NewGuid() }, first.Etag, default));

        Assert.Equal(mine.WriteId, conflict.Current.WriteId);
        Assert.Equal(mine.WriteId, (await Read()).WriteId);
    }

    [StoreFact]
    public async Task Of_many_who_write_at_once_one_wins_each_time()
    {
        const int Writers = 6, Rounds = 8;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var done = 0; done < Rounds;)
            {
                var read = await Read();
                var silo = new EnrolledSilo($"s{writer}-{done}", Guid.NewGuid(), DateTimeOffset.UnixEpoch);
                if (await Store.Cluster.Write(read with { Silos = [.. read.Silos, silo] }, read.Etag, default) is ClusterWriteOutcome.Written) done++;
            }
        })));
        Assert.Equal(Writers * Rounds, (await Read()).Silos.DistinctBy(silo => silo.Id).Count());
    }

    [StoreFact]
    public async Task Commits_and_ends_of_rollouts_are_in_the_history_newest_first_and_it_is_bounded()
    {
        const int Epochs = ClusterHistory.Limit + 5;
        var record = await Read();
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            record = await Written(record with { Release = Sample.Release(epoch), Rollout = Sample.Rollout(epoch, RolloutPhase.Draining) });
            record = await Written(record with { Rollout = Sample.Rollout(epoch) });
            record = await Written(record with { WriteId = Guid.NewGuid() });
        }

        var history = await Store.Cluster.History(default);
        var expected = Enumerable.Range(0, ClusterHistory.Limit).Select(i => (long)Epochs - i).ToArray();
        Assert.Equal(expected, history.Releases.Select(release => release.Epoch));
        Assert.Equal(expected, history.Rollouts.Select(rollout => rollout.Epoch!.Value));
        Assert.Equal(JsonSerializer.Serialize(Sample.Release(Epochs)), JsonSerializer.Serialize(history.Releases[0]));
        Assert.Equal(JsonSerializer.Serialize(Sample.Rollout(Epochs)), JsonSerializer.Serialize(history.Rollouts[0]));
    }

    [StoreFact]
    public async Task An_epoch_never_falls_is_never_left_out_and_has_one_release()
    {
        var record = await Written(await Read() with { Release = Sample.Release(1) });
        record = await Written(record with { Release = Sample.Release(2) });

        await Refused(record with { Release = Sample.Release(1) });
        await Refused(record with { Release = Sample.Release(4) });
        await Refused(record with { Release = Sample.Release(2) with { Actor = "eve" } });
        Assert.Equal(2, (await Read()).Epoch);
        await Written(record with { Release = Sample.Release(2) });

        Task Refused(ClusterRecord next) => Assert.ThrowsAsync<InvalidOperationException>(async () => await Store.Cluster.Write(next, record.Etag, default));
    }

    async Task<ClusterRecord> Read() => await Store.Cluster.Read(default);

    async Task<ClusterRecord> Written(ClusterRecord next) =>
        Assert.IsType<ClusterWriteOutcome.Written>(await Store.Cluster.Write(next, next.Etag, default)).Record;

    static string Text(ClusterRecord record) => JsonSerializer.Serialize(record);
}
