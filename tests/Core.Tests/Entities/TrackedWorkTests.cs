using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities;

public sealed class TrackedWorkTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    [Fact]
    public void Tracked_work_is_listed_and_holds_its_version_until_it_ends()
    {
        using var world = new World();
        world.Call("box/a", "lab.work", new Text(door));
        world.Executor.Drain();
        world.Advance(1);
        Assert.Equal(2, world.Lab1.Leases);
        var work = Assert.Single(EntityInspection.View(world.One.Active("box/a"))!.TrackedWork);
        Assert.Equal(("knitting", "lab.work", "lab@1.0.0", 20L), (work.Name, work.Operation, work.Module, work.AgeFrames));
        Assert.Contains(world.One.Entities.HoldersOf(world.Lab1, 10), holder => holder.Contains("knitting"));

        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(1, world.Lab1.Leases);
        Assert.Equal(1000, world.Count("box/a"));
    }

    [Theory]
    [InlineData("moved")]
    [InlineData("retired")]
    [InlineData("deactivated")]
    public void Tracked_work_ends_when_what_it_belongs_to_ends(string how)
    {
        using var world = new World();
        world.Call("box/a", "lab.work", new Text(door));
        world.Executor.Drain();
        if (how == "moved") world.Serve(2, TestTables.Slot<LabModule2>("lab", "2.0.0"), world.Safe);
        else if (how == "retired") world.Lab1.CancelWork();
        else world.One.Entities.Evict(world.Lab1);
        world.Executor.Drain();

        Assert.Equal(how == "retired" ? 1 : 0, world.Lab1.Leases);
        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(0, world.Count("box/a"));
    }

    [Theory]
    [InlineData("lab.ignore-delays")]
    [InlineData("lab.ignore-calls")]
    public void Tracked_work_that_ignores_its_end_keeps_no_thread_and_no_other_work(string operation)
    {
        using var world = new World();
        var other = door + "-other";
        world.Call("box/a", operation, new Text(door));
        world.Call("box/b", "lab.work", new Text(other));
        if (operation == "lab.ignore-delays") Doors.Open(door);
        world.Executor.Drain();

        world.Lab1.CancelWork();
        Assert.Equal(0, Doors.TimesPassed(door));
        world.Executor.Drain();
        Doors.Open(door);
        world.Executor.Drain();
        Assert.InRange(Doors.TimesPassed(door), 1, 2);
        Assert.Empty(EntityInspection.View(world.One.Active("box/b"))!.TrackedWork);
        world.Advance(10);
        Assert.InRange(Doors.TimesPassed(door), 10, 12);
        Assert.Equal("ignoring", Assert.Single(EntityInspection.View(world.One.Active("box/a"))!.TrackedWork).Name);
    }

    [Fact]
    public void Tracked_work_of_an_entity_is_bounded_and_of_a_failed_turn_never_begins()
    {
        using var world = new World();
        for (var i = 0; i < 16; i++) Assert.True(world.Call("box/a", "lab.work", new Text(door)).Ok);
        var refused = world.Call("box/a", "lab.work", new Text(door));

        Assert.Equal((ErrorCodes.EffectsTooMany, Ran.No), (refused.Error!.Code, refused.Error.Ran));
        Assert.Equal(17, world.Lab1.Leases);
        world.One.Kill();
        world.Executor.Drain();
        Assert.Equal(0, world.Lab1.Leases);
    }

    [Fact]
    public void What_hears_that_its_work_is_to_end_hears_it_from_the_executor()
    {
        using var world = new World();
        world.Call("box/a", "lab.listen", new Text(door));
        world.Executor.Drain();

        world.Lab1.CancelWork();
        Assert.Equal(0, Doors.TimesPassed(door));
        world.Executor.Drain();
        Assert.Equal(1, Doors.TimesPassed(door));
        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(1, world.Lab1.Leases);
    }

    [Fact]
    public void Work_that_has_ended_leaves_nothing_at_its_version()
    {
        using var world = new World();
        world.Call("box/a", "lab.work", new Text(door));
        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(1000, world.Count("box/a"));
        world.Lab1.CancelWork();

        Assert.Equal(0, world.Executor.Waiting);
    }

    [Fact]
    public void Work_that_outlives_its_activation_is_still_named_as_who_holds_the_slot()
    {
        using var world = new World();
        world.Call("box/a", "lab.stubborn", new Text(door));
        world.One.Entities.Evict(world.Lab1);
        world.Executor.Drain();
        Assert.False(world.One.IsActive("box/a"));
        Assert.Equal(1, world.Lab1.Leases);
        Assert.Equal("tracked work 'stubborn' of lab.stubborn in box/a", Assert.Single(world.One.Entities.HoldersOf(world.Lab1, 10)));

        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(0, world.Lab1.Leases);
        Assert.Empty(world.One.Entities.HoldersOf(world.Lab1, 10));
    }
}
