using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Core.State.Watching;
using Evergrain.Core.Tests.Entities;
using Evergrain.Core.Tests.Time;

namespace Evergrain.Core.Tests.State;

public sealed class StoreWatchTests : IDisposable
{
    static readonly EntityId Box = EntityId.Parse("box/a");
    readonly ManualTimeProvider time = new();
    readonly LogLines log = new();
    readonly FaultyEntityStore behind = new();
    readonly StoreWatch watch;
    readonly IEntityStore store;

    public StoreWatchTests()
    {
        watch = new StoreWatch(log, time, "game.db");
        store = watch.Over(behind);
    }

    public void Dispose() => watch.Dispose();

    [Fact]
    public async Task An_outage_is_told_at_once_then_every_ten_seconds_and_its_end_with_how_long_it_was()
    {
        await store.Read(Box);
        Assert.Empty(log.Lines);

        behind.ReadsFail = true;
        for (var tenth = 0; tenth < 125; tenth++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Read(Box).AsTask());
            time.Advance(TimeSpan.FromSeconds(0.1));
        }
        Assert.Equal(["Error: The store game.db does not answer: reads fail.", "Error: The store game.db does not answer: reads fail. (asked 99 more times in vain since the last line)"], log.Lines);

        behind.ReadsFail = false;
        await store.Read(Box);
        await store.Read(Box);
        Assert.Equal("Warning: The store game.db serves again; it did not for 12.5 s", Assert.Single(log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Reads_that_are_answered_say_nothing_of_writes_that_are_not()
    {
        behind.WritesFail = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Write());
        await store.Read(Box);
        Assert.Single(log.Lines);

        behind.WritesFail = false;
        await Write();
        Assert.Contains("serves again", log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_now_and_then_is_told_no_oftener_than_one_that_is_out()
    {
        for (var second = 0; second < 30; second++)
        {
            behind.ReadsFail = true;
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Read(Box).AsTask());
            behind.ReadsFail = false;
            await store.Read(Box);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(3, log.Lines.Count(line => line.Contains("does not answer", StringComparison.Ordinal)));
        Assert.Equal(3, log.Lines.Count(line => line.Contains("serves again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_store_without_room_is_told_until_it_takes_a_write()
    {
        behind.Full = true;
        await Write();
        await store.Read(Box);
        Assert.Equal("Error: The store game.db takes no writes: The store is full.", Assert.Single(log.Lines));

        behind.Full = false;
        await Write();
        Assert.Contains("serves again", log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_is_told_after_five_seconds_though_nothing_has_failed()
    {
        await store.Read(Box);
        time.Advance(TimeSpan.FromMinutes(1)); // nobody asks
        behind.Slow = true;
        var reading = store.Read(Box).AsTask();
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(log.Lines);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Error: The store game.db does not answer: it has said nothing for 5 s.", Assert.Single(log.Lines));

        behind.Slow = false;
        behind.LetThrough();
        await reading;
        Assert.Contains("serves again", log.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_store_has_to_say_no_to_is_no_outage()
    {
        behind.Garbled = Box;
        await Assert.ThrowsAsync<UnreadableRecordException>(() => store.Read(Box).AsTask());
        var cluster = watch.Over(new MemoryClusterStore());
        var record = await cluster.Read(default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.Write(record with { Release = record.Release with { Epoch = 5 } }, record.Etag, default).AsTask());
        await Assert.ThrowsAsync<OperationCanceledException>(() => cluster.Read(new CancellationToken(canceled: true)).AsTask());

        Assert.Empty(log.Lines);
    }

    Task Write() => store.Write([new EntityWrite(new EntityRecord { Id = Box, Epoch = 1, WriteId = Guid.NewGuid(), Created = true }, behind["box/a"]?.Etag)]).AsTask();
}
