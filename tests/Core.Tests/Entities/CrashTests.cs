using Evergrain.Contracts;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>What a crash costs under each durability: a box is kept by interval, a vault before its reply, a shelf when it leaves memory.</summary>
public sealed class CrashTests
{
    static readonly EntityId Shelf = EntityId.Parse("shelf/a");

    [Theory]
    [InlineData("vault")]
    [InlineData("box")]
    [InlineData("shelf")]
    public void Under_each_a_send_survives_with_all_that_came_before_it_and_arrives_once(string kind)
    {
        using var world = new World();
        var sender = $"{kind}/a";
        world.Call(sender, World.Operation(sender, "add"), new Amount(10));
        world.LoseRequest = request => request.Delivery;
        Assert.True(world.Call(sender, World.Operation(sender, "send"), new Ask("vault/b", "safe.give", 4)).Ok);

        Crash(world);
        world.LoseRequest = null;
        world.WakeUp();
        world.Advance(5);

        Assert.Equal((6, 4), (world.Count(sender), world.Count("vault/b")));
    }

    [Fact]
    public void Before_reply_nothing_that_was_answered_is_lost()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        Assert.Equal(2, world.Number(world.Call("vault/a", "safe.wish", new Wish("interval", ""))));

        Crash(world);
        world.WakeUp();
        world.Advance(1);

        Assert.Equal((2, "scheduled"), (world.Count("vault/a"), world.Log("vault/a", "safe")));
        world.Call("vault/a", "safe.tell", new Amount(1));
        Assert.Equal([1, 2], world.Events.Select(told => told.Sequence));
    }

    [Fact]
    public void By_interval_the_last_second_is_lost_though_its_replies_and_events_have_left()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        Assert.Equal(11, world.Number(world.Call("box/a", "lab.add", new Amount(10))));
        world.Call("box/a", "lab.tell", new Amount(1));
        world.Advance(0.9);

        Crash(world);

        Assert.Equal(1, world.Count("box/a"));
        world.Call("box/a", "lab.tell", new Amount(1));
        Assert.Equal([1, 1], world.Events.Select(told => told.Sequence));
    }

    [Fact]
    public void By_interval_a_call_that_is_lost_runs_when_it_comes_again_and_one_that_is_not_does_not()
    {
        using var world = new World();
        var (kept, lost) = (world.Ids.NewGuid(), world.Ids.NewGuid());
        world.Call("box/a", "lab.add", new Amount(1), key: kept);
        world.Advance(1);
        world.Call("box/a", "lab.add", new Amount(10), key: lost);

        Crash(world);
        foreach (var (key, amount) in new[] { (kept, 1), (lost, 10) }) Assert.True(world.Call("box/a", "lab.add", new Amount(amount), key: key).Ok);

        Assert.Equal(11, world.Count("box/a"));
    }

    [Fact]
    public void On_deactivation_all_is_lost_since_the_entity_was_written_last()
    {
        using var world = new World();
        world.Call("shelf/a", "late.add", new Amount(1));
        world.Advance(75); // idle
        Assert.False(world.One.IsActive("shelf/a"));
        for (var minute = 0; minute < 10; minute++)
        {
            world.Call("shelf/a", "late.add", new Amount(10));
            world.Advance(30);
        }
        Assert.Equal(101, world.Count("shelf/a"));

        Crash(world);

        Assert.Equal(1, world.Count("shelf/a"));
    }

    [Theory]
    [InlineData("idle")]
    [InlineData("stopped")]
    [InlineData("moved")]
    [InlineData("saved")]
    [InlineData("sent")]
    [InlineData("answered")]
    [InlineData("rolled out")]
    public void On_deactivation_these_write_it(string what)
    {
        using var world = new World();
        ModuleSlot[] next = [world.Lab1, world.Safe, TestTables.Slot<LateModule>("late", "1.1.0")];
        world.Call("shelf/a", "late.add", new Amount(5));
        world.Advance(5);
        Assert.Null(world.Store["shelf/a"]);

        switch (what)
        {
            case "idle": world.Advance(75); break;
            case "stopped": End(world, world.One.Entities.Stop(default)); break;
            case "moved": End(world, world.One.Entities.Release(Shelf, default).AsTask()); break;
            case "saved": world.Call("shelf/a", "late.save"); break;
            case "sent": world.Call("shelf/a", "late.send", new Ask("box/b", "lab.give", 0)); break;
            case "answered": world.Call("box/b", "lab.send", new Ask("shelf/a", "late.give", 1)); break;
            default: world.Serve(2, next); break;
        }
        world.Advance(2);
        Crash(world);
        world.Serve(2, next);

        Assert.Equal(what is "saved" or "answered" ? 6 : 5, world.Count("shelf/a"));
    }

    [Fact]
    public void On_deactivation_an_entity_that_wakes_by_itself_is_known_to_within_a_second_and_comes_back_as_of_then()
    {
        using var world = new World();
        world.Call("shelf/a", "late.add", new Amount(5));
        world.Call("shelf/a", "late.start");
        world.Advance(1);
        var written = world.Store.Written.Count;
        world.Call("shelf/a", "late.add", new Amount(10));
        world.Advance(30);
        Assert.Equal(written, world.Store.Written.Count);
        Assert.Contains(Shelf, world.Store.Index);

        Crash(world);
        world.WakeUp();
        world.Advance(1);
        Assert.Equal(5, world.Count("shelf/a"));
        Assert.NotEmpty(world.Log("shelf/a", "late"));

        world.Call("shelf/a", "late.stop");
        world.Advance(1);
        Assert.Empty(world.Store.Index);
    }

    static void Crash(World world)
    {
        world.One.Kill();
        world.Add("two");
        world.Executor.Drain();
    }

    static void End(World world, Task ending)
    {
        world.Executor.Drain();
        Assert.True(ending.IsCompletedSuccessfully, "It has not ended.");
    }
}
