using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class CatchUpTests
{
    [Fact]
    public void A_silo_that_missed_a_commit_catches_up_when_a_call_comes_from_it()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.HintArrives = silo => silo == "s2" && world.Phase is not RolloutPhase.Preparing ? 0 : 1;
        world.Start("battle@2.0.0");
        while (world.Release.Epoch == 1) world.Run(0.01);
        Assert.Equal((2L, 1L), (world.Silos["s1"].Agent.Epoch, world.Silos["s2"].Agent.Epoch));

        Assert.Equal(CatchUpAnswer.Reached, Now(world, world.Silos["s2"].Agent.CatchUp(2)));

        Assert.Equal(["battle@2.0.0"], world.Serves("s2"));
        Assert.Equal([1, 2], world.Silos["s2"].Activated);
    }

    [Fact]
    public void An_epoch_from_nowhere_is_said_to_be_unknown_at_once()
    {
        var world = World.Serving(1, "battle@1.0.0");
        Assert.Equal(CatchUpAnswer.EpochUnknown, Now(world, world.Silos["s1"].Agent.CatchUp(99)));
    }

    [Fact]
    public void All_who_wait_share_one_read_of_the_store()
    {
        var world = World.Serving(1, "battle@1.0.0");
        var silo = world.Silos["s1"];
        var before = silo.Store.Reads;

        var answers = Enumerable.Range(0, 100).Select(_ => silo.Agent.CatchUp(99).AsTask()).ToList();
        world.Executor.Drain();

        Assert.All(answers, answer => Assert.Equal(CatchUpAnswer.EpochUnknown, answer.Result));
        Assert.Equal(1, silo.Store.Reads - before);
    }

    [Fact]
    public void Who_asks_while_a_read_is_under_way_gets_a_read_that_began_later()
    {
        var world = World.Serving(1, "battle@1.0.0");
        var silo = world.Silos["s1"];
        var gate = new TaskCompletionSource();
        silo.Store.ReadsWait = gate.Task;
        var before = silo.Store.Reads;
        var first = silo.Agent.CatchUp(99).AsTask();
        world.Executor.Drain();
        var second = silo.Agent.CatchUp(99).AsTask();
        gate.SetResult();
        world.Executor.Drain();

        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.Equal(2, silo.Store.Reads - before);
    }

    [Fact]
    public void A_store_that_does_not_answer_ends_the_wait()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Silos["s1"].Store.ReadsWait = new TaskCompletionSource().Task;
        var answer = world.Silos["s1"].Agent.CatchUp(2).AsTask();
        world.Run(11);

        Assert.Equal(CatchUpAnswer.StoreUnavailable, answer.Result);
        Assert.True(world.Silos["s1"].Agent.Ready);
    }

    [Fact]
    public void A_silo_that_stops_says_that_it_is_not_ready_and_not_that_an_epoch_is_unknown()
    {
        var world = World.Serving(1, "battle@1.0.0");
        var silo = world.Silos["s1"];
        var gate = new TaskCompletionSource();
        silo.Store.ReadsWait = gate.Task;
        var waiting = silo.Agent.CatchUp(2).AsTask();
        world.Executor.Drain();
        _ = silo.Agent.Stop();

        Assert.Equal(CatchUpAnswer.NotReady, Now(world, silo.Agent.CatchUp(2)));
        gate.SetResult();
        world.Executor.Drain();
        Assert.Equal(CatchUpAnswer.NotReady, waiting.Result);
        Assert.Equal(CatchUpAnswer.Reached, Now(world, silo.Agent.CatchUp(1)));
    }

    [Fact]
    public void A_silo_that_stopped_before_it_could_read_the_store_does_not_say_that_the_store_answers()
    {
        var world = World.Serving(1, "battle@1.0.0");
        var silo = world.Silos["s1"];
        _ = silo.Agent.Stop();
        world.Executor.Drain();

        Assert.Equal(CatchUpAnswer.NotReady, Now(world, silo.Agent.CatchUp(99)));
    }

    static CatchUpAnswer Now(World world, ValueTask<CatchUpAnswer> asked)
    {
        var answer = asked.AsTask();
        world.Executor.Drain();
        Assert.True(answer.IsCompleted);
        return answer.Result;
    }
}
