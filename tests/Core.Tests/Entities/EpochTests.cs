using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

public sealed class EpochTests
{
    readonly ModuleSlot lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");

    [Fact]
    public void A_caller_that_saw_a_later_epoch_is_served_at_it()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        var arrival = new TaskCompletionSource<CatchUpAnswer>();
        world.One.CatchUp = _ => new(arrival.Task);
        var call = world.Begin(world.Request("box/a", "lab.get", new Amount(0)) with { SeenEpoch = 2 });
        world.Executor.Drain();
        Assert.False(call.IsCompleted);
        Assert.Equal(7, world.Count("box/a"));

        world.Serve(2, lab2, world.Safe);
        arrival.SetResult(CatchUpAnswer.Reached);
        var reply = world.End(call);
        Assert.Equal((2L, 2L, "2.0.0"), (reply.Epoch, reply.SeenEpoch, reply.Module.Version));
    }

    [Theory]
    [InlineData(CatchUpAnswer.EpochUnknown, ErrorCodes.EpochUnknown)]
    [InlineData(CatchUpAnswer.NotReady, ErrorCodes.SiloNotReady)]
    [InlineData(CatchUpAnswer.StoreUnavailable, ErrorCodes.StoreUnavailable)]
    public void An_epoch_that_the_silo_cannot_reach_is_an_error_that_nothing_ran(CatchUpAnswer answer, string code)
    {
        using var world = new World();
        world.One.CatchUp = _ => new(answer);
        var reply = world.End(world.Begin(world.Request("box/a", "lab.add", new Amount(1)) with { SeenEpoch = 99 }));

        Assert.Equal((code, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.Equal(0, world.Count("box/a"));
    }

    [Fact]
    public void A_catch_up_that_hangs_ends_by_deadline()
    {
        using var world = new World();
        world.One.CatchUp = _ => new(new TaskCompletionSource<CatchUpAnswer>().Task);
        var call = world.Begin(world.Request("box/a", "lab.add", new Amount(1), seconds: 2) with { SeenEpoch = 99 });
        world.Advance(2);

        Assert.Equal((ErrorCodes.Deadline, Ran.No), (call.Result.Error!.Code, call.Result.Error.Ran));
    }

    [Fact]
    public void A_silo_behind_the_record_catches_up_before_it_serves_it()
    {
        using var world = new World();
        world.Serve(5, world.Lab1, world.Safe);
        world.Call("vault/a", "safe.add", new Amount(1));
        var two = world.Add("two");
        world.Place("vault/a", two);
        Assert.Equal(ErrorCodes.EpochUnknown, world.Call("vault/a", "safe.get").Error!.Code);

        two.CatchUp = epoch => { two.Tables.Serve(epoch, world.Lab1, world.Safe); return new(CatchUpAnswer.Reached); };
        var reply = world.Call("vault/a", "safe.add", new Amount(1));
        Assert.Equal((2, 5L), (world.Number(reply), reply.Epoch));
        Assert.False(world.One.IsActive("vault/a"));
    }

    [Fact]
    public void The_epoch_that_an_inner_call_saw_is_in_the_outer_reply()
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place("box/b", two);
        two.Tables.Serve(2, lab2, world.Safe);

        var reply = world.Call("box/a", "lab.ask", new Ask("box/b", "lab.add", 1));
        Assert.Equal((1L, 2L), (reply.Epoch, reply.SeenEpoch));
    }

    [Fact]
    public void What_a_turn_saw_the_entitys_next_turns_have_seen()
    {
        using var world = TwoEpochs();
        world.Call("box/a", "lab.ask", new Ask("box/b", "lab.add", 1));

        Assert.Equal((1L, 2L), (world.Call("box/a", "lab.get").Epoch, world.Call("box/a", "lab.get").SeenEpoch));
        world.Call("box/a", "lab.ask", new Ask("box/z", "lab.add", 1));
        Assert.Equal(2, world.Routed[^1].SeenEpoch);
    }

    [Fact]
    public void A_send_leaves_with_what_its_turn_saw_after_it()
    {
        using var world = TwoEpochs();
        world.Call("box/a", "lab.send-then-ask", new Ask("box/b", "lab.add", 1));

        Assert.Equal(2, world.Routed.First(request => request is { Delivery: true, Entity.Key: "z" }).SeenEpoch);
    }

    [Fact]
    public void Tracked_work_goes_on_with_what_it_saw_and_so_does_its_entity()
    {
        using var world = TwoEpochs();
        world.Call("box/a", "lab.errand", new Ask("box/b", "lab.add", 1));

        Assert.Equal(2, world.Routed.First(request => request.Entity.Key == "z").SeenEpoch);
        Assert.Equal(2, world.Call("box/a", "lab.get").SeenEpoch);
    }

    // Silo two is at epoch 2 with all but box/a; silo one, behind it at 1, can do what it is asked.
    World TwoEpochs()
    {
        var world = new World();
        var two = world.Add("two");
        world.Place("box/b", two);
        world.Place("box/z", two);
        two.Tables.Serve(2, lab2, world.Safe);
        return world;
    }

    [Fact]
    public void A_record_says_in_which_life_of_the_store_it_was_written()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        Assert.Equal(1, world.Store["vault/a"]!.Incarnation);
        world.Incarnation = 2;
        world.Call("vault/a", "safe.add", new Amount(1));

        Assert.Equal(2, world.Store["vault/a"]!.Incarnation);
    }
}
