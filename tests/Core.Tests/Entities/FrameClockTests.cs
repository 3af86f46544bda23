using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

/// <summary>The silo's clock: it calls whoever has something due, and goes on whatever happened to the frames.</summary>
public sealed class FrameClockTests
{
    [Fact]
    public void The_clock_stands_still_when_nobody_waits_for_it()
    {
        using var world = new World();
        var clock = world.One.Entities.Clock;
        Assert.False(clock.IsArmed);
        world.Call("box/a", "lab.plan", new Plan("lab.add", 1, 2));
        Assert.True(clock.IsArmed);
        world.Advance(0.2);
        Assert.False(clock.IsArmed);
        Assert.Equal(1, world.Count("box/a"));
    }

    [Fact]
    public void A_far_entry_stands_in_the_clock_but_a_few_times_however_often_near_ones_come_between()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.note", 1, 20 * 3600));
        for (var i = 0; i < 300; i++)
        {
            world.Call("box/a", "lab.plan", new Plan("lab.add", 1, 1));
            world.Advance(0.2);
        }

        Assert.Equal(300, world.Count("box/a"));
        Assert.InRange(world.One.Entities.Clock.Entries, 1, 120);
        world.Advance(3600 - 60 - 1);
        Assert.Equal("", world.Log("box/a"));
        world.Advance(2);
        Assert.Equal("1", world.Log("box/a"));
    }

    [Fact]
    public void A_clock_goes_on_after_frames_that_could_not_run()
    {
        using var world = new World();
        world.Call("box/a", "lab.start");
        world.Advance(0.1);
        // The kind goes, and the room can neither be written nor leave.
        world.Store.WritesFail = true;
        world.Serve(2, world.Safe);
        world.Advance(0.2);
        Assert.Equal(2, world.One.Active("box/a").State!.Frames.Frame);

        world.Serve(3, world.Lab1, world.Safe);
        world.Advance(1);

        Assert.InRange(world.One.Active("box/a").State!.Frames.Frame, 20, 26);
        Assert.StartsWith("f1 f2 f3 f4", world.Log("box/a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_clock_goes_on_after_a_port_that_threw_what_it_may_not(bool atOnce)
    {
        using var world = new World();
        world.Call("vault/a", "safe.start");
        world.Advance(0.1);
        world.Store.Faults.Enqueue(WriteFault.Broken);
        world.Store.Slow = !atOnce;
        world.Advance(0.1);
        world.Store.Slow = false;
        world.Store.LetThrough();
        world.Executor.Drain();
        Assert.Empty(world.Store.Faults);
        world.Advance(1);

        Assert.InRange(world.One.Active("vault/a").State!.Frames.Frame, 20, 26);
        Assert.Null(world.One.Active("vault/a").Running);
    }
}
