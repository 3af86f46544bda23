using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

/// <summary>What still serves while the store does not answer, for how long, and what the others are told: a box is kept by interval, a vault before
/// its reply, a shelf when it leaves memory.</summary>
public sealed class OutageTests
{
    [Theory]
    [InlineData("vault/a")]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void What_is_not_in_memory_is_refused_with_a_time_to_try_again(string entity)
    {
        using var world = new World();
        Out(world);

        Refused(world.Call(entity, World.Operation(entity, "get")), ErrorCodes.StoreUnavailable, Ran.No, 1000);
        world.Advance(60);
        Refused(world.Call(entity, World.Operation(entity, "add"), new Amount(1)), ErrorCodes.StoreUnavailable, Ran.No, 1000);
        Back(world);
        Assert.Equal(1, world.Number(world.Call(entity, World.Operation(entity, "add"), new Amount(1))));
    }

    [Theory]
    [InlineData("vault/a")]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void What_is_in_memory_and_used_answers_questions_as_long_as_it_lasts(string entity)
    {
        using var world = new World();
        world.Call(entity, World.Operation(entity, "add"), new Amount(1));
        world.Advance(2);
        Out(world);

        for (var half = 0; half < 60; half++)
        {
            Assert.Equal(1, world.Count(entity));
            world.Advance(30);
        }
    }

    [Fact]
    public void Before_reply_a_change_is_refused_and_whoever_may_have_been_written_is_read_again()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        var key = world.Ids.NewGuid();
        Out(world);

        Refused(world.Call("vault/a", "safe.add", new Amount(10), key: key), ErrorCodes.StoreUnavailable, Ran.Unknown, 1000);
        Refused(world.Call("vault/a", "safe.get"), ErrorCodes.StoreUnavailable, Ran.No, 1000);

        Back(world);
        Assert.Equal(1, world.Count("vault/a"));
        Assert.Equal(11, world.Number(world.Call("vault/a", "safe.add", new Amount(10), key: key)));
        Assert.Equal(11, world.Number(world.Call("vault/a", "safe.add", new Amount(10), key: key)));
    }

    [Fact]
    public void Before_reply_where_reads_are_answered_questions_go_on_beside_changes_that_are_refused()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.WritesFail = true;

        for (var minute = 0; minute < 10; minute++)
        {
            Refused(world.Call("vault/a", "safe.add", new Amount(10)), ErrorCodes.StoreUnavailable, Ran.Unknown, 1000);
            Assert.Equal(1, world.Count("vault/a"));
            world.Advance(60);
        }
    }

    [Fact]
    public void Before_reply_frames_that_cannot_be_written_are_dropped_and_no_number_comes_again()
    {
        using var world = new World();
        world.Call("vault/a", "safe.start");
        world.Advance(1);
        Out(world);
        world.Advance(10);
        Back(world);
        world.Advance(1);

        var frames = world.Log("vault/a", "safe").Split(' ');
        Assert.InRange(frames.Length, 35, 45);
        Assert.Equal(frames.Distinct(), frames);
    }

    [Theory]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void By_interval_and_on_deactivation_changes_go_on_as_long_as_it_lasts_and_are_written_after_it(string entity)
    {
        using var world = new World();
        world.Call(entity, World.Operation(entity, "add"), new Amount(1));
        Out(world);
        for (var minute = 0; minute < 30; minute++)
        {
            world.Call(entity, World.Operation(entity, "add"), new Amount(1));
            world.Advance(120); // twice its idle time: it stays, since it is ahead of the store
        }
        Assert.Equal(31, world.Count(entity));
        Assert.Null(world.Store[entity]);

        Back(world);
        world.Advance(75);
        Assert.False(world.One.IsActive(entity));
        Assert.Equal(31, world.Count(entity));
    }

    [Theory]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void By_interval_and_on_deactivation_every_frame_runs(string entity)
    {
        using var world = new World();
        Assert.True(world.Call(entity, World.Operation(entity, "get")).Ok);
        Out(world);
        world.Call(entity, World.Operation(entity, "start"));
        world.Advance(10);

        var frames = world.Log(entity, World.Operation(entity, "log").Split('.')[0]).Split(' ');
        Assert.InRange(frames.Length, 195, 205);
        Assert.Equal(Enumerable.Range(int.Parse(frames[0][1..], CultureInfo.InvariantCulture), frames.Length).Select(i => $"f{i}"), frames);
    }

    [Theory]
    [InlineData("vault/a")]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void Unused_for_its_idle_time_one_that_is_not_ahead_of_the_store_leaves_and_cannot_come_back(string entity)
    {
        using var world = new World();
        world.Call(entity, World.Operation(entity, "save"));
        world.Advance(2);
        Out(world);
        world.Advance(615); // more than the longest idle time, the ten minutes of the vault

        Assert.False(world.One.IsActive(entity));
        Refused(world.Call(entity, World.Operation(entity, "get")), ErrorCodes.StoreUnavailable, Ran.No, 1000);
    }

    [Theory]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void By_interval_and_on_deactivation_a_send_and_a_save_are_refused_whole_while_changes_go_on(string entity)
    {
        using var world = new World();
        world.Call(entity, World.Operation(entity, "add"), new Amount(5));
        Out(world);

        Refused(world.Call(entity, World.Operation(entity, "send"), new Ask("box/b", "lab.give", 1)), ErrorCodes.StoreUnavailable, Ran.Unknown, 1000);
        Refused(world.Call(entity, World.Operation(entity, "save")), ErrorCodes.StoreUnavailable, Ran.Unknown, 1000);
        Assert.Equal(6, world.Number(world.Call(entity, World.Operation(entity, "add"), new Amount(1))));
        Assert.Empty(world.Routed);

        Back(world);
        Assert.True(world.Call(entity, World.Operation(entity, "send"), new Ask("box/b", "lab.give", 1)).Ok);
        world.Advance(2);
        Assert.Equal((5, 1), (world.Count(entity), world.Count("box/b")));
    }

    [Fact]
    public void A_silo_that_must_end_in_it_says_how_many_entities_it_takes_along()
    {
        using var world = new World();
        foreach (var entity in new[] { "box/a", "box/b", "shelf/a" }) world.Call(entity, World.Operation(entity, "add"), new Amount(1));
        world.Call("vault/a", "safe.add", new Amount(1));
        Out(world);
        using var patience = new CancellationTokenSource();
        var stopping = world.One.Entities.Stop(patience.Token);
        world.Advance(30);
        Assert.False(stopping.IsCompleted);

        patience.Cancel();
        world.Advance(1);

        Assert.True(stopping.IsCompletedSuccessfully);
        Assert.Contains("one ends before 3 entities could be written", Assert.Single(world.Written.Lines), StringComparison.Ordinal);
    }

    // Before it one is added and saved, then a hundred, of which a shelf says nothing to the store.
    [Theory]
    [InlineData("vault/a", 101)]
    [InlineData("box/a", 101)]
    [InlineData("shelf/a", 1)]
    public void A_crash_in_it_loses_what_was_not_written_before_it(string entity, int left)
    {
        using var world = new World();
        world.Call(entity, World.Operation(entity, "save"));
        world.Call(entity, World.Operation(entity, "add"), new Amount(100));
        world.Advance(1);
        Out(world);
        var change = world.Call(entity, World.Operation(entity, "add"), new Amount(1000));
        if (entity == "vault/a") Refused(change, ErrorCodes.StoreUnavailable, Ran.Unknown, 1000);
        else Assert.Equal(1101, world.Number(change));
        world.Advance(300);

        world.One.Kill();
        Back(world);
        world.Add("two");

        Assert.Equal(left, world.Count(entity));
    }

    [Fact]
    public void A_full_store_leaves_it_unknown_whether_a_turn_ran_that_had_awaited_another()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Full = true;

        Refused(world.Call("vault/a", "safe.ask", new Ask("box/b", "lab.add", 5)), ErrorCodes.StoreFull, Ran.Unknown, 5000);
        Assert.Equal((1, 5), (world.Count("vault/a"), world.Count("box/b")));
    }

    [Theory]
    [InlineData("vault/a", "add")]
    [InlineData("box/a", "save")]
    [InlineData("shelf/a", "save")]
    public void A_full_store_refuses_what_must_be_written_and_says_that_it_did_not_run(string entity, string operation)
    {
        using var world = new World();
        world.Call(entity, World.Operation(entity, "add"), new Amount(1));
        world.Store.Full = true;

        var call = operation == "add" ? world.Call(entity, World.Operation(entity, operation), new Amount(1)) : world.Call(entity, World.Operation(entity, operation));

        Refused(call, ErrorCodes.StoreFull, Ran.No, 5000);
        Assert.Equal(1, world.Count(entity));
        world.Store.Full = false;
        Assert.Equal(2, world.Number(world.Call(entity, World.Operation(entity, "add"), new Amount(1))));
    }

    [Theory]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void A_full_store_keeps_no_change_from_one_that_need_not_be_written(string entity)
    {
        using var world = new World();
        world.Store.Full = true;
        for (var minute = 0; minute < 10; minute++)
        {
            world.Call(entity, World.Operation(entity, "add"), new Amount(1));
            world.Advance(120);
        }
        Assert.Equal(10, world.Count(entity));

        world.Store.Full = false;
        world.Advance(75);
        Assert.False(world.One.IsActive(entity));
        Assert.Equal(10, world.Count(entity));
    }

    static void Out(World world) => (world.Store.WritesFail, world.Store.ReadsFail) = (true, true);
    static void Back(World world) => (world.Store.WritesFail, world.Store.ReadsFail) = (false, false);

    static void Refused(CallReply reply, string code, Ran ran, int retryAfterMs) =>
        Assert.Equal((code, ran, retryAfterMs), (reply.Error!.Code, reply.Error.Ran, reply.Error.RetryAfterMs));
}
