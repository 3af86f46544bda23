using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

public sealed class FrameTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    [Fact]
    public void Frames_run_at_the_kinds_rate_between_start_and_stop()
    {
        using var world = new World();
        world.Call("box/a", "lab.start");
        world.Advance(0.5);
        world.Call("box/a", "lab.stop");
        world.Advance(5);

        Assert.Equal(string.Join(' ', Enumerable.Range(1, 10).Select(i => $"f{i}")), world.Log("box/a"));
    }

    [Fact]
    public void Frame_numbers_have_no_gap_across_a_reload()
    {
        using var world = new World();
        world.Call("box/a", "lab.start");
        world.Advance(0.27);
        world.Serve(2, TestTables.Slot<LabModule2>("lab", "2.0.0"), world.Safe);
        world.Advance(0.23);

        Assert.Equal("f1 f2 f3 f4 f5 F6 F7 F8 F9 F10", world.Log("box/a"));
    }

    [Fact]
    public void Late_frames_run_one_after_another_and_past_the_bound_the_clock_is_set_back()
    {
        using var world = new World();
        world.Call("box/a", "lab.start");
        world.Call("box/a", "lab.stop");
        world.Call("box/a", "lab.start");
        var busy = world.Begin("box/a", "lab.wait", new Text(door));
        world.Advance(0.5);
        Doors.Open(door);
        world.End(busy);
        Assert.Equal("waited " + string.Join(' ', Enumerable.Range(1, 10).Select(i => $"f{i}")), world.Log("box/a"));

        var longer = Guid.NewGuid().ToString("N");
        busy = world.Begin("box/a", "lab.wait", new Text(longer));
        world.Advance(5);
        Doors.Open(longer);
        world.End(busy);
        Assert.Equal(30, world.One.Active("box/a").State!.Frames.Frame);
        world.Advance(1);
        Assert.InRange(world.One.Active("box/a").State!.Frames.Frame, 50, 51);
        var frames = world.Log("box/a").Split(' ').Where(line => line[0] == 'f').Select(line => int.Parse(line[1..])).ToArray();
        Assert.Equal(Enumerable.Range(1, frames.Length), frames);
    }

    [Fact]
    public void A_version_with_another_rate_goes_on_from_the_frame_that_ran()
    {
        var slow = new Core.Frames.FrameCount(0, 0, false).Start(DateTimeOffset.UnixEpoch, 20).Advance(100, 20);
        Assert.Equal(slow.AtTicks + TimeSpan.TicksPerSecond / 10, slow.DueTicks(101, 10));
        Assert.Equal(slow.AtTicks + TimeSpan.TicksPerSecond / 50, slow.DueTicks(101, 50));
    }

    [Fact]
    public void Entries_run_at_their_due_frame_by_priority_and_age()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.note", 1, 2));
        world.Call("box/a", "lab.plan", new Plan("lab.note", 2, 2, Priority: 5));
        world.Call("box/a", "lab.plan", new Plan("lab.note", 3, 1));
        world.Call("box/a", "lab.plan", new Plan("lab.note", 4, 2));
        world.Advance(0.06);
        Assert.Equal("3", world.Log("box/a"));
        world.Advance(0.05);
        Assert.Equal("3 2 1 4", world.Log("box/a"));
        Assert.Empty(world.One.Active("box/a").State!.Extras.Schedule);
    }

    [Fact]
    public void An_entry_can_be_cancelled_and_one_that_repeats_goes_on_until_then()
    {
        using var world = new World();
        var every = world.Number(world.Call("box/a", "lab.plan", new Plan("lab.add", 1, 2, Every: true)));
        var once = world.Number(world.Call("box/a", "lab.plan", new Plan("lab.add", 100, 2)));
        Assert.Equal(1, world.Number(world.Call("box/a", "lab.cancel", new Amount(once))));
        Assert.Equal(0, world.Number(world.Call("box/a", "lab.cancel", new Amount(once))));
        world.Advance(1.01);
        Assert.Equal(10, world.Count("box/a"));

        world.Call("box/a", "lab.cancel", new Amount(every));
        world.Advance(1);
        Assert.Equal(10, world.Count("box/a"));
    }

    [Fact]
    public void An_entry_past_its_expiry_is_dropped_and_an_endless_backlog_is_cut()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.add", 1, 1, Every: true));
        world.Call("box/a", "lab.plan", new Plan("lab.add", 1000, 30, Expires: 2));
        var busy = world.Begin("box/a", "lab.wait", new Text(door));
        world.Advance(9);
        Doors.Open(door);
        world.End(busy);
        world.Executor.Drain();

        // 1 of the busy turn, 20 caught up, 1 in the present; the rest of the 180 were missed.
        Assert.Equal(22, world.Count("box/a"));
        world.Advance(0.5);
        Assert.InRange(world.Count("box/a"), 31, 33);
    }

    [Fact]
    public void An_entry_that_fails_is_not_tried_again()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.add", -5, 1));
        world.Call("box/a", "lab.plan", new Plan("lab.add", 3, 1));
        world.Advance(1);

        Assert.Equal(3, world.Count("box/a"));
        Assert.Empty(world.One.Active("box/a").State!.Extras.Schedule);
    }

    [Fact]
    public void An_entity_with_a_schedule_or_a_running_clock_is_woken_when_its_silo_dies()
    {
        using var world = new World();
        world.Add("two");
        world.Call("vault/a", "safe.plan", new Plan("safe.add", 5, 40));
        world.Call("vault/b", "safe.start");
        world.One.Kill();
        world.Advance(1);
        world.WakeUp();
        world.Advance(1.2);

        Assert.Equal(5, world.Count("vault/a"));
        Assert.Equal(Enumerable.Range(1, 24).Select(i => $"f{i}").Take(20), world.Log("vault/b", "safe").Split(' ').Take(20));
        Assert.Equal(["vault/b"], world.Store.Index.Select(id => id.ToString()));
    }

    [Fact]
    public void An_entity_with_something_scheduled_stays_in_memory()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.add", 5, 20 * 300));
        world.Call("box/b", "lab.get");
        world.Advance(200);
        Assert.True(world.One.IsActive("box/a"));
        Assert.False(world.One.IsActive("box/b"));

        world.Advance(101);
        Assert.Equal(5, world.Count("box/a"));
    }

    [Fact]
    public void Ten_entities_at_20_hertz_run_20_frames_a_second_each()
    {
        using var world = new World();
        for (var i = 0; i < 10; i++)
        {
            world.Call($"box/{i}", "lab.start");
            world.Advance(0.013);
        }
        var before = Enumerable.Range(0, 10).Select(i => world.One.Active($"box/{i}").State!.Frames.Frame).ToArray();
        world.Advance(10);
        Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(200, world.One.Active($"box/{i}").State!.Frames.Frame - before[i]));
    }

    [Fact]
    public void A_frame_before_its_reply_waits_for_the_write_and_the_next_one_waits_for_it()
    {
        using var world = new World();
        world.Call("vault/a", "safe.start");
        world.Store.Slow = true;
        world.Advance(0.3);
        Assert.Equal("frame", world.One.Active("vault/a").Running!.Operation);

        world.Store.Slow = false;
        world.Store.LetThrough();
        world.Executor.Drain();
        world.Advance(0.01);
        Assert.Equal("f1 f2 f3 f4 f5 f6", world.Log("vault/a", "safe"));
        Assert.Null(world.One.Active("vault/a").Running);
    }

    [Fact]
    public void A_conflict_in_a_frame_ends_the_activation_quietly()
    {
        using var world = new World();
        world.Call("vault/a", "safe.start");
        world.Store.Faults.Enqueue(WriteFault.ConflictFirst);
        world.Advance(0.2);

        Assert.False(world.One.IsActive("vault/a"));
        world.WakeUp();
        world.Advance(0.2);
        Assert.StartsWith("f1 f2 f3", world.Log("vault/a", "safe"));
    }

    [Theory]
    [InlineData(long.MaxValue, -1)]
    [InlineData((1L << 36) + 1, -1)]
    [InlineData(1, long.MaxValue)]
    public void A_schedule_farther_away_than_can_be_counted_is_refused(long frames, long expires)
    {
        using var world = new World();
        var reply = world.Call("box/a", "lab.plan", new Plan("lab.note", 1, frames, Expires: expires));

        Assert.Equal(ErrorCodes.ModuleFault, reply.Error!.Code);
        Assert.Contains("68719476736", reply.Error.Message);
        world.Advance(1);
        Assert.Equal("", world.Log("box/a"));
    }

    [Fact]
    public void The_farthest_schedule_waits()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.note", 1, 1L << 36, Expires: 1L << 36));
        world.Advance(90);

        Assert.Equal("", world.Log("box/a"));
        Assert.Single(world.One.Active("box/a").State!.Extras.Schedule);
    }
}
