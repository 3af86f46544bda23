using Evergrain.Contracts;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

/// <summary>A write whose answer never came, and what it found on its way: what an activation may take for its own, and what not.</summary>
public sealed class LateWriteTests
{
    [Fact]
    public void A_turn_that_was_reported_unknown_and_landed_late_is_not_taken_back_once_another_silo_goes_on_from_it()
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place("box/b", two);
        world.Call("box/a", "lab.add", new Amount(10));
        world.Store.Faults.Enqueue(WriteFault.Late);
        world.Store.ReadsFail = true;
        Assert.Equal(Ran.Unknown, world.Call("box/a", "lab.send", new Ask("box/b", "lab.give", 4)).Error!.Ran);
        world.Store.ReadsFail = false;
        Assert.True(world.Store.LetLateWritesLand());

        // Silo one is wrongly suspected: the entity comes into memory on silo two, which makes the delivery; one has yet to write.
        world.One.Suspected = true;
        world.Place("box/a", two);
        Assert.Equal((6, 4), (world.Count("box/a"), world.Count("box/b")));
        Assert.True(world.One.IsActive("box/a"));
        world.Advance(3);

        Assert.False(world.One.IsActive("box/a"));
        Assert.Equal((6, 4), (world.Count("box/a"), world.Count("box/b")));
    }

    [Fact]
    public void What_another_owner_wrote_is_never_taken_for_a_late_write_of_our_own()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        world.Call("box/a", "lab.add", new Amount(10));
        world.Store.Faults.Enqueue(WriteFault.Late);
        world.Advance(1);
        _ = world.Store.Overwrite(EntityId.Parse("box/a"));
        world.Advance(2);

        Assert.False(world.One.IsActive("box/a"));
        Assert.Equal(1, world.Count("box/a"));
        Assert.False(world.Store.LetLateWritesLand());
    }

    [Fact]
    public void A_turn_that_finds_something_in_its_way_and_cannot_see_what_may_have_run()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(10));
        world.Store.Faults.Enqueue(WriteFault.Late);
        world.Advance(1);
        Assert.True(world.Store.LetLateWritesLand());
        world.Store.Faults.Enqueue(WriteFault.Refused);
        world.Store.ReadsLeft = 1;
        var reply = world.Call("box/a", "lab.save");

        Assert.Equal((ErrorCodes.StoreUnavailable, Ran.Unknown), (reply.Error!.Code, reply.Error.Ran));
        world.Store.ReadsLeft = null;
        Assert.Equal(10, world.Count("box/a"));
        world.Advance(2);
        Assert.True(world.Call("box/a", "lab.save").Ok);
        Assert.Equal(11, world.Count("box/a"));
    }
}
