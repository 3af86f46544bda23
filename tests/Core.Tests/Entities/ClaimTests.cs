using Evergrain.Contracts;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

/// <summary>An entity whose placement moves while it comes into memory.</summary>
public sealed class ClaimTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    [Fact]
    public void Two_silos_that_bring_one_entity_into_memory_do_not_wait_for_each_other()
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place("box/a", world.One);
        var first = world.Begin("box/a", "lab.add", new Amount(1));
        // Before silo one has begun to load it.
        world.Place("box/a", two);
        var second = world.Begin("box/a", "lab.add", new Amount(10));
        var activation = two.Active("box/a");
        world.Advance(1);

        Assert.True(first.IsCompleted && second.IsCompleted, "They wait for each other.");
        Assert.Equal((ErrorCodes.SiloNotReady, Ran.No), (first.Result.Error!.Code, first.Result.Error.Ran));
        Assert.Equal(10, world.Number(second.Result));
        Assert.False(world.One.IsActive("box/a"));
        Assert.Same(activation, two.Active("box/a"));
        Assert.Equal(11, world.Number(world.Call("box/a", "lab.add", new Amount(1))));
    }

    [Fact]
    public void A_claim_that_waits_ends_when_the_entity_is_placed_elsewhere_and_disturbs_it_no_more()
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place("box/a", world.One);
        var turn = world.Begin("box/a", "lab.wait", new Text(door));
        world.Executor.Drain();
        world.Place("box/a", two);
        var claiming = world.Begin("box/a", "lab.add", new Amount(1));
        world.Advance(0.5);
        Assert.True(two.IsActive("box/a"));

        world.Place("box/a", world.One);
        world.Advance(0.5);
        Assert.True(claiming.IsCompleted, "It waits on.");
        Assert.Equal((ErrorCodes.SiloNotReady, Ran.No), (claiming.Result.Error!.Code, claiming.Result.Error.Ran));
        Assert.False(two.IsActive("box/a"));

        // It leaves once, since it was asked to; the call that waits brings it back, and nobody asks again.
        var next = world.Begin("box/a", "lab.add", new Amount(1));
        Doors.Open(door);
        Assert.True(world.End(turn).Ok);
        Assert.Equal(2, world.Number(world.End(next)));
        world.Advance(1);
        Assert.True(world.One.IsActive("box/a"), "It had to leave again.");
    }

    [Fact]
    public void A_claim_that_succeeds_when_the_entity_is_placed_elsewhere_already_brings_nothing_into_memory()
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place("box/a", world.One);
        var turn = world.Begin("box/a", "lab.wait", new Text(door));
        world.Executor.Drain();
        world.Place("box/a", two);
        var claiming = world.Begin("box/a", "lab.add", new Amount(1));
        world.Executor.Drain();
        world.Place("box/a", world.One);
        Doors.Open(door);
        Assert.True(world.End(turn).Ok);

        Assert.Equal((ErrorCodes.SiloNotReady, Ran.No), (world.End(claiming).Error?.Code, claiming.Result.Error?.Ran));
        Assert.False(two.IsActive("box/a"));
        Assert.Equal(2, world.Number(world.Call("box/a", "lab.add", new Amount(1))));
    }
}
