using Evergrain.Contracts;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities;

public sealed class DurabilityTests
{
    [Fact]
    public void Before_reply_a_turn_that_cannot_be_written_is_dropped_whole()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.WritesFail = true;

        var reply = world.Call("vault/a", "safe.wish", new Wish("ok", "box/other"));

        Assert.Equal((ErrorCodes.StoreUnavailable, Ran.Unknown), (reply.Error!.Code, reply.Error.Ran));
        Assert.Empty(world.Events);
        world.Store.WritesFail = false;
        world.Advance(3);
        Assert.Equal(1, world.Count("vault/a"));
        Assert.Equal(0, world.Count("box/other"));
        Assert.Null(world.One.Active("vault/a").Running);
    }

    [Fact]
    public void Before_reply_nothing_leaves_before_the_write()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Slow = true;
        var call = world.Begin("vault/a", "safe.wish", new Wish("ok", "box/other"));
        world.Executor.Drain();

        Assert.False(call.IsCompleted);
        Assert.Empty(world.Events);
        Assert.Empty(world.Routed);
        Assert.DoesNotContain(world.Store.Written, write => write.Record.EventSequence == 1);

        world.Store.Slow = false;
        world.Store.LetThrough();
        Assert.Equal(2, world.Number(world.End(call)));
        Assert.Single(world.Events);
        Assert.Equal(2, world.Count("vault/a"));
    }

    [Fact]
    public void By_interval_reply_and_events_leave_at_once_and_the_state_is_written_within_a_second()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Call("box/a", "lab.tell", new Amount(2));

        Assert.Equal(2, world.Events.Count);
        Assert.Null(world.Store["box/a"]);
        world.Advance(1);
        Assert.Equal(2, world.Store["box/a"]!.EventSequence);
        var writes = world.Store.Written.Count;
        world.Advance(5);
        Assert.Equal(writes, world.Store.Written.Count);
    }

    [Fact]
    public void By_interval_a_turn_that_only_publishes_or_starts_its_clock_is_written_too()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        world.Call("box/a", "lab.tell", new Amount(3));
        world.Advance(1);
        Assert.Equal(3, world.Store["box/a"]!.EventSequence);

        world.Call("box/a", "lab.start");
        world.Advance(1);
        Assert.Contains(EntityId.Parse("box/a"), world.Store.Index);
    }

    [Fact]
    public void By_interval_a_send_and_a_save_are_written_first()
    {
        using var world = new World();
        world.Call("box/a", "lab.save");
        Assert.NotNull(world.Store["box/a"]);

        world.Store.SlowFor = id => id.Key == "a";
        var send = world.Begin("box/a", "lab.send", new Ask("box/b", "lab.add", 1));
        world.Executor.Drain();
        Assert.False(send.IsCompleted);
        Assert.Empty(world.Routed);
        world.Store.SlowFor = null;
        world.Store.LetThrough();
        Assert.True(world.End(send).Ok);
        Assert.Equal(1, world.Count("box/b"));
    }

    [Fact]
    public void A_write_without_an_answer_is_known_again_by_its_write_id()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Faults.Enqueue(WriteFault.AnswerLost);

        Assert.Equal(3, world.Number(world.Call("vault/a", "safe.add", new Amount(2))));
        Assert.Equal(4, world.Number(world.Call("vault/a", "safe.add", new Amount(1))));
    }

    [Fact]
    public void When_nobody_knows_what_is_stored_the_entity_is_read_again()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Faults.Enqueue(WriteFault.AnswerLost);
        world.Store.ReadsFail = true;

        var unknown = world.Call("vault/a", "safe.add", new Amount(2));
        Assert.Equal((ErrorCodes.StoreUnavailable, Ran.Unknown), (unknown.Error!.Code, unknown.Error.Ran));
        Assert.False(world.One.IsActive("vault/a"));
        Assert.Equal(0, world.Safe.Leases);

        world.Store.ReadsFail = false;
        Assert.Equal(3, world.Count("vault/a"));
    }

    [Fact]
    public void The_loser_of_a_conflict_goes_and_its_waiting_calls_run_on_what_is_stored()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Faults.Enqueue(WriteFault.ConflictFirst);
        var loser = world.Begin("vault/a", "safe.add", new Amount(10));
        var waiting = world.Begin("vault/a", "safe.add", new Amount(100));

        var reply = world.End(loser);
        Assert.Equal((ErrorCodes.StoreConflict, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.Equal(101, world.Number(world.End(waiting)));
    }

    [Fact]
    public void A_store_that_hangs_is_answered_for_at_the_deadline()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Slow = true;
        var writing = world.Begin("vault/a", "safe.add", new Amount(1), seconds: 2);
        var queued = world.Begin("vault/a", "safe.add", new Amount(1), seconds: 2);
        var loading = world.Begin("vault/b", "safe.add", new Amount(1), seconds: 2);
        world.Advance(3); // a second after the deadline

        foreach (var (call, ran) in new[] { (writing, Ran.Unknown), (queued, Ran.No), (loading, Ran.No) })
            Assert.Equal((ErrorCodes.Deadline, ran, 1000), (call.Result.Error!.Code, call.Result.Error.Ran, call.Result.Error.RetryAfterMs));
        world.Store.Slow = false;
        world.Store.LetThrough();
        world.Executor.Drain();
        Assert.Equal(2, world.Count("vault/a"));
        Assert.Equal(0, world.Count("vault/b"));
    }

    [Fact]
    public void An_entity_that_cannot_be_read_says_so_to_all_who_wait()
    {
        using var world = new World();
        world.Store.ReadsFail = true;
        var calls = Enumerable.Range(0, 5).Select(_ => world.Begin("box/a", "lab.add", new Amount(1))).ToArray();
        world.Executor.Drain();

        Assert.All(calls, call => Assert.Equal((ErrorCodes.StoreUnavailable, Ran.No), (call.Result.Error!.Code, call.Result.Error.Ran)));
        world.Store.ReadsFail = false;
        Assert.Equal(0, world.Count("box/a"));
    }

    [Fact]
    public void A_write_that_was_overwritten_before_it_was_known_may_have_been_there()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Faults.Enqueue(WriteFault.AnswerLostThenOverwritten);
        var reply = world.Call("vault/a", "safe.add", new Amount(10));

        Assert.Equal((ErrorCodes.StoreConflict, Ran.Unknown), (reply.Error!.Code, reply.Error.Ran));
        Assert.Equal(11, world.Count("vault/a"));
    }

    [Fact]
    public void By_interval_an_outage_of_the_store_costs_nothing()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        world.Call("box/a", "lab.start");
        world.Call("box/a", "lab.add", new Amount(10));
        (world.Store.WritesFail, world.Store.ReadsFail) = (true, true);
        world.Advance(30);
        world.Call("box/a", "lab.add", new Amount(100));

        Assert.Equal(111, world.Count("box/a"));
        (world.Store.WritesFail, world.Store.ReadsFail) = (false, false);
        world.Advance(2);
        world.One.Kill();
        world.Add("two");
        Assert.Equal(111, world.Count("box/a"));
        var frames = world.Log("box/a").Split(' ');
        Assert.InRange(frames.Length, 600, 700);
        Assert.Equal(Enumerable.Range(21, frames.Length).Select(i => $"f{i}"), frames);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void By_interval_a_write_that_lands_late_is_known_as_our_own(bool readsFail, bool first)
    {
        using var world = new World();
        if (!first)
        {
            world.Call("box/a", "lab.add", new Amount(1));
            world.Advance(1);
        }
        world.Call("box/a", "lab.add", new Amount(10));
        world.Store.Faults.Enqueue(WriteFault.Late);
        world.Store.ReadsFail = readsFail;
        world.Advance(1);
        Assert.Empty(world.Store.Faults);
        world.Store.ReadsFail = false;
        world.Call("box/a", "lab.add", new Amount(100));
        Assert.True(world.Store.LetLateWritesLand());
        world.Advance(2);

        var sum = first ? 110 : 111;
        Assert.Equal(sum, world.Count("box/a"));
        world.One.Kill();
        world.Add("two");
        Assert.Equal(sum, world.Count("box/a"));
    }

    [Fact]
    public void A_turn_that_was_reported_unknown_and_landed_late_runs_once()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        world.Call("box/a", "lab.add", new Amount(10));
        world.Store.Faults.Enqueue(WriteFault.Late);
        world.Store.ReadsFail = true;
        var unknown = world.Call("box/a", "lab.send", new Ask("box/b", "lab.give", 4), key: key);
        Assert.Equal((ErrorCodes.StoreUnavailable, Ran.Unknown), (unknown.Error!.Code, unknown.Error.Ran));
        Assert.Equal(10, world.Count("box/a"));
        world.Store.ReadsFail = false;
        Assert.True(world.Store.LetLateWritesLand());
        world.Advance(2);

        Assert.Equal(6, world.Number(world.Call("box/a", "lab.send", new Ask("box/b", "lab.give", 4), key: key)));
        world.Advance(2);
        Assert.Equal((6, 4), (world.Count("box/a"), world.Count("box/b")));
    }

    [Fact]
    public void By_interval_a_late_write_is_known_also_by_a_later_write_that_fails()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(10));
        world.Store.Faults.Enqueue(WriteFault.Late);
        world.Advance(1);
        world.Call("box/a", "lab.add", new Amount(100));
        Assert.True(world.Store.LetLateWritesLand());
        world.Store.Faults.Enqueue(WriteFault.Refused);
        world.Advance(2);

        Assert.Empty(world.Store.Faults);
        Assert.Equal(110, world.Count("box/a"));
    }

    [Theory]
    [InlineData("safe.keep-turn")]
    [InlineData("safe.destroy-keeping-turn")]
    public void A_turn_whose_outcome_is_being_written_starts_nothing_more(string operation)
    {
        using var world = new World();
        var name = Guid.NewGuid().ToString("N");
        world.Call("vault/a", "safe.get");
        world.Call("box/b", "lab.get");
        world.Store.Slow = true;
        world.Store.Faults.Enqueue(WriteFault.ConflictFirst);
        var losing = world.Begin("vault/a", operation, new Text(name));
        world.Executor.Drain();
        Assert.False(losing.IsCompleted);

        var turn = (Turn<Box>)Kept.Turns[name];
        var late = turn.Call<Amount, Amount>(EntityId.Parse("box/b"), "lab.add", new Amount(1)).AsTask();
        world.Store.Slow = false;
        world.Store.LetThrough();

        Assert.Equal((ErrorCodes.StoreConflict, Ran.No), (world.End(losing).Error!.Code, losing.Result.Error!.Ran));
        Assert.True(late.IsFaulted, "The call went out.");
        Assert.IsType<InvalidOperationException>(late.Exception!.InnerException);
        Assert.Throws<InvalidOperationException>(() => turn.State = Box.Empty);
        Assert.Equal(0, world.Count("box/b"));
    }
}
