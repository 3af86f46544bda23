using Evergrain.Core.State.Batching;
using Evergrain.Core.Tests.Time;

namespace Evergrain.Core.Tests.State;

public sealed class BatchesTests
{
    readonly StepExecutor threads = new();
    readonly List<int[]> done = [];

    [Fact]
    public void What_gathers_before_the_thread_comes_is_one_batch_in_its_order()
    {
        var batches = Make();
        for (var i = 0; i < 5; i++) Assert.True(batches.TryAdd(i));

        Assert.Equal(1, threads.Waiting);
        threads.Drain();
        Assert.Equal([0, 1, 2, 3, 4], Assert.Single(done));
    }

    [Fact]
    public void What_comes_while_a_batch_is_done_is_the_next_one()
    {
        Batches<int>? batches = null;
        batches = new Batches<int>(threads, batch =>
        {
            done.Add([.. batch]);
            if (done.Count == 1)
                for (var i = 10; i < 13; i++) batches!.TryAdd(i);
        }, lanes: 1, mostAtOnce: 100, mostWaiting: 100);
        batches.TryAdd(1);

        threads.Drain();
        Assert.Equal(2, done.Count);
        Assert.Equal([10, 11, 12], done[1]);
    }

    [Fact]
    public void A_batch_is_bounded_and_so_is_what_waits()
    {
        var batches = Make(mostAtOnce: 2, mostWaiting: 3);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(batches.TryAdd));

        threads.Drain();
        Assert.Equal([2, 1], done.Select(batch => batch.Length));
        Assert.True(batches.TryAdd(9));
    }

    [Fact]
    public void As_many_lanes_work_at_a_time_as_there_are()
    {
        var batches = Make(lanes: 2, mostAtOnce: 1);
        for (var i = 0; i < 5; i++) batches.TryAdd(i);

        Assert.Equal(2, threads.Waiting);
        threads.Drain();
        Assert.Equal(5, done.Count);
    }

    [Fact]
    public void Closed_it_takes_nothing_more_and_ends_once_everything_is_done()
    {
        var batches = Make();
        batches.TryAdd(1);

        var closing = batches.Close();

        Assert.False(batches.TryAdd(2));
        Assert.False(closing.IsCompleted);
        threads.Drain();
        Assert.True(closing.IsCompletedSuccessfully);
        Assert.Equal([1], Assert.Single(done));
    }

    [Fact]
    public void Closed_while_idle_it_ends_at_once()
    {
        var closing = Make().Close();
        threads.Drain();
        Assert.True(closing.IsCompletedSuccessfully);
    }

    Batches<int> Make(int lanes = 1, int mostAtOnce = 100, int mostWaiting = 100) => new(threads, batch => done.Add([.. batch]), lanes, mostAtOnce, mostWaiting);
}
