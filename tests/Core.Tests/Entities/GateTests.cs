using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

public sealed class GateTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    [Fact]
    public void A_call_from_outside_runs_where_it_is_made_once_the_entity_is_in_memory()
    {
        using var world = new World();
        world.Call("box/a", "lab.get");

        var call = world.Begin("box/a", "lab.add", new Amount(2));

        Assert.True(call.IsCompleted);
        Assert.Equal(0, world.Executor.Waiting);
        Assert.Equal(2, world.Number(call.Result));
    }

    [Fact]
    public void Calls_run_in_the_order_in_which_they_came()
    {
        using var world = new World();
        var waiting = world.Begin("box/a", "lab.wait", new Text(door));
        var calls = Enumerable.Range(1, 50).Select(i => world.Begin("box/a", "lab.note", new Text($"{i}"))).ToArray();
        world.Executor.Drain();
        Assert.DoesNotContain(calls, call => call.IsCompleted);

        Doors.Open(door);
        world.End(waiting);

        Assert.All(calls, call => Assert.True(call.IsCompleted));
        Assert.Equal("waited " + string.Join(' ', Enumerable.Range(1, 50)), world.Log("box/a"));
    }

    [Fact]
    public void A_crowded_entity_gives_its_thread_back_after_a_bounded_number_of_turns()
    {
        using var world = new World(new EntitySiloOptions { TurnsPerDrain = 8 });
        var waiting = world.Begin("box/a", "lab.wait", new Text(door));
        var crowd = Enumerable.Range(0, 100).Select(_ => world.Begin("box/a", "lab.add", new Amount(1))).ToArray();
        world.Executor.Drain();
        Doors.Open(door);
        var (before, most) = (0, 0);
        while (world.Executor.Step())
        {
            var turns = world.One.Active("box/a").State!.Slices.OfType<Box>().Single().Count;
            (before, most) = (turns, Math.Max(most, turns - before));
        }

        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.All(crowd, call => Assert.True(call.Result.Ok));
        Assert.InRange(most, 2, 8);
    }

    [Fact]
    public void Strands_of_one_turn_run_one_piece_at_a_time_and_no_other_turn_between()
    {
        using var world = new World(random: new Random(3));
        var turn = world.Begin("box/a", "lab.parallel", new Text(door));
        world.Executor.Drain();
        var other = world.Begin("box/a", "lab.add", new Amount(1000));
        world.Executor.Drain();
        Assert.False(other.IsCompleted);

        Doors.Open(door);

        Assert.Equal(30, world.Number(world.End(turn)));
        Assert.Equal(1030, world.Number(world.End(other)));
    }

    [Fact]
    public void A_call_from_a_turn_never_runs_on_that_turns_stack()
    {
        using var world = new World();
        world.Call("box/a", "lab.get");
        world.Call("box/b", "lab.get");

        var call = world.Begin("box/a", "lab.ask", new Ask("box/b", "lab.add", 5));

        Assert.Equal(0, world.One.Active("box/b").State!.Slices.OfType<Box>().Single().Count);
        Assert.Equal(5, world.Number(world.End(call)));
    }

    [Fact]
    public void A_full_mailbox_answers_overloaded_with_a_time_to_try_again()
    {
        using var world = new World(new EntitySiloOptions { MailboxBound = 3 });
        var turn = world.Begin("box/a", "lab.wait", new Text(door));
        world.Executor.Drain();
        var queued = Enumerable.Range(0, 3).Select(_ => world.Begin("box/a", "lab.add", new Amount(1))).ToArray();

        var refused = world.End(world.Begin("box/a", "lab.add", new Amount(1)));

        Assert.Equal((ErrorCodes.Overloaded, Ran.No), (refused.Error!.Code, refused.Error.Ran));
        Assert.NotNull(refused.Error.RetryAfterMs);
        Doors.Open(door);
        world.End(turn);
        Assert.All(queued, call => Assert.True(call.Result.Ok));
        Assert.Equal(4, world.Count("box/a"));
    }

    [Fact]
    public void A_deadline_that_passes_in_the_mailbox_says_that_nothing_ran_and_what_was_running()
    {
        using var world = new World();
        var turn = world.Begin("box/a", "lab.wait", new Text(door));
        var late = world.Begin("box/a", "lab.add", new Amount(1), seconds: 2);
        world.Advance(2);

        Assert.Equal((ErrorCodes.Deadline, Ran.No), (late.Result.Error!.Code, late.Result.Error.Ran));
        Assert.Contains("lab.wait", late.Result.Error.Message);
        Doors.Open(door);
        world.End(turn);
        Assert.Equal(1, world.Count("box/a"));
    }

    [Fact]
    public void A_turn_past_its_deadline_is_given_up_its_effects_are_dropped_and_it_never_goes_on()
    {
        using var world = new World();
        var endless = world.Begin("box/a", "lab.wait", new Text(door), seconds: 1);
        var next = world.Begin("box/a", "lab.add", new Amount(1), seconds: 9);
        world.Advance(1.6);

        Assert.Equal((ErrorCodes.Deadline, Ran.No), (endless.Result.Error!.Code, endless.Result.Error.Ran));
        Assert.Equal(1, world.Number(next.Result));
        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(0, Doors.TimesPassed(door));
        Assert.Equal("", world.Log("box/a"));
    }

    [Fact]
    public void A_handler_that_waits_with_its_token_ends_at_the_deadline()
    {
        using var world = new World();
        var call = world.Begin("box/a", "lab.patient", new Text(door), seconds: 1);
        world.Advance(1);

        Assert.Equal(ErrorCodes.Deadline, call.Result.Error!.Code);
    }

    [Fact]
    public void A_call_that_would_come_back_to_its_own_chain_is_a_cycle_at_once()
    {
        using var world = new World();
        var itself = world.Call("box/a", "lab.ask", new Ask("box/a", "lab.add", 1));

        Assert.Equal((ErrorCodes.CallCycle, Ran.No), (itself.Error!.Code, itself.Error.Ran));
        Assert.Equal(0, world.Count("box/a"));
    }

    [Fact]
    public void A_chain_that_is_too_long_is_a_cycle_in_the_making()
    {
        using var world = new World();
        CallChain? chain = null;
        for (var i = 0; i < CallChain.MaxDepth; i++) chain = new CallChain(new EntityId("box", $"c{i}"), chain);

        var call = world.End(world.Begin(world.Request("box/a", "lab.add", new Amount(1), "box/c31") with { Chain = chain }));

        Assert.Equal(ErrorCodes.CallCycle, call.Error!.Code);
    }

    [Fact]
    public void Chains_that_cross_end_by_deadline_and_name_whom_they_waited_for()
    {
        using var world = new World();
        var a = world.Begin("box/a", "lab.ask", new Ask("box/b", "lab.add", 1), seconds: 2);
        var b = world.Begin("box/b", "lab.ask", new Ask("box/a", "lab.add", 1), seconds: 3);
        world.Advance(4);

        Assert.Equal(ErrorCodes.Deadline, a.Result.Error!.Code);
        Assert.Contains("box/b", a.Result.Error.Message);
        Assert.True(b.Result.Ok);
        Assert.Equal(1, world.Count("box/a"));
    }

    [Fact]
    public void A_turn_that_awaits_several_calls_gets_all_answers()
    {
        using var world = new World(random: new Random(5));

        Assert.Equal(14, world.Number(world.Call("box/a", "lab.ask-both", new Ask("box/b+box/c", "lab.add", 7))));
    }

    [Fact]
    public void A_turn_is_not_for_use_after_its_end()
    {
        using var world = new World();
        world.Call("box/a", "lab.keep-turn", new Text(door));
        var turn = (Evergrain.ModuleSdk.Turn<Box>)Kept.Turns[door];

        Assert.Throws<InvalidOperationException>(() => turn.State = Box.Empty);
        Assert.Throws<InvalidOperationException>(() => turn.State);
        Assert.Throws<InvalidOperationException>(() => turn.Publish(new Told(1)));
        Assert.Throws<InvalidOperationException>(() => turn.After(1, "lab.get", Evergrain.ModuleSdk.Nothing.Value));
        Assert.Throws<InvalidOperationException>(() => turn.Log("late"));
    }

    [Fact]
    public void A_call_whose_deadline_is_past_when_its_turn_waits_gets_an_answer_all_the_same()
    {
        using var world = new World();
        world.Call("box/a", "lab.get");
        world.Time.FiresAtOnce = true;
        var late = new Core.Entities.PendingCall(world.One.Active("box/a"), world.Request("box/a", "lab.add", new Amount(1), seconds: 0));
        Assert.True(late.TryBegin());
        late.StartWaiting();
        Assert.False(late.Task.IsCompleted);
        world.Advance(1);

        Assert.True(late.Task.IsCompleted);
        Assert.Equal((ErrorCodes.Deadline, Ran.Unknown), (late.Task.Result!.Error!.Code, late.Task.Result.Error.Ran));
    }
}
