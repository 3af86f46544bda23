using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class OneThreadTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_of_a_whole_run_leaves_the_thread_that_it_was_given(bool anyOrder)
    {
        using var world = ClusterWorld.Serving(3, seed: 7, anyOrder);
        var rooms = Enumerable.Range(0, 12).Select(i => new EntityId("room", $"room-{i}")).ToArray();
        foreach (var room in rooms) world.Ok<RoomView>(room, "room.open");
        world.Ok<RoomView>(rooms[0], "room.watch");
        world.Ok<Asked>(rooms[0], "room.ask", new Ask("room-5"));
        world.Ok<Balance>(new("bank", "ann"), "bank.credit", new Amount(10));
        world.Ok<Balance>(new("bank", "ann"), "bank.transfer", new Transfer("bob", 4));

        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0", "bank@1.1.0").Phase);
        var dead = world.Begin(rooms[1], "room.hit").AsTask();
        world.Kill("s1");
        world.Done(dead);
        world.Join("s3");
        var undo = world.Done(world.Cluster.Ops.Undo(new UndoRequest(), "test", default));
        Assert.Equal(RolloutPhase.Permanent, world.Ended(undo.Id).Phase);
        world.Done(world.Cluster.StopSilo("s2", default));
        world.Pass(TimeSpan.FromMinutes(1));

        Assert.Equal(4, world.Ok<Balance>(new("bank", "bob"), "bank.balance").Gold);
        Assert.Empty(world.Thread.Breaches);
    }
}
