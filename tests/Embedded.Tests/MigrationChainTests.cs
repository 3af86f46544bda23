using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>Rooms of schema 1, 2 and 3 in a whole cluster: what no version can do alone, they do together.</summary>
public sealed class MigrationChainTests
{
    [Fact]
    public void A_room_that_slept_through_two_rollouts_comes_up_in_one_turn_and_goes_down_again_through_both_undos()
    {
        using var world = ClusterWorld.Serving(2);
        var (sleeper, live) = (new EntityId("room", "sleeper"), new EntityId("room", "live"));
        for (var i = 0; i < 3; i++) world.Ok<RoomView>(sleeper, "room.hit");
        world.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(world.Homes(sleeper));
        world.Ok<RoomView>(live, "room.open");
        world.Ok<RoomView>(live, "room.hit");

        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0").Phase);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@3.0.0").Phase);
        Assert.Equal(("3.0.0", 1), (world.Ok<RoomView>(live, "room.look").Version, world.Ok<RoomView>(live, "room.look").Hits));
        Assert.Equal(1, Schema(world, sleeper));
        Assert.Equal(("3.0.0", 4), (world.Ok<RoomView>(sleeper, "room.hit").Version, world.Ok<RoomView>(sleeper, "room.look").Hits));
        world.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal((0, 3), (world.Homes(sleeper).Count, Schema(world, sleeper)));

        Undo(world);
        Undo(world);
        Assert.Equal(3, Schema(world, sleeper));
        Assert.Equal(("1.0.0", 4), (world.Ok<RoomView>(sleeper, "room.look").Version, world.Ok<RoomView>(sleeper, "room.look").Hits));
        Assert.Equal(("1.0.0", 1), (world.Ok<RoomView>(live, "room.look").Version, world.Ok<RoomView>(live, "room.look").Hits));
        world.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(4, world.Loader.Loaded.Count);
    }

    [Fact]
    public void A_step_that_no_version_has_refuses_the_rollout_by_its_name_and_what_serves_stays()
    {
        using var world = ClusterWorld.Serving(2);
        var refused = Assert.Throws<FindingsException>(() => world.Start("room@3.0.0"));
        Assert.Equal(ErrorCodes.OneWay, refused.Code);

        var ended = world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@3.0.0") with { OneWay = true }, "ann", default)).Id);
        Assert.Equal(RolloutPhase.Aborted, ended.Phase);
        var finding = ended.Findings.First(finding => finding.Code == "schema/no-step-up");
        Assert.Contains("from schema 1 up to 2, on the way from 1", finding.Message);
        Assert.Equal("1.0.0", world.Ok<RoomView>(new("room", "room-1"), "room.look").Version);

        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0").Phase);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@3.0.0").Phase);
    }

    [Fact]
    public void After_a_rollout_that_goes_one_way_an_accepted_undo_quarantines_what_it_wrote_until_it_serves_again()
    {
        using var world = ClusterWorld.Serving(1);
        var (touched, asleep) = (new EntityId("room", "touched"), new EntityId("room", "asleep"));
        world.Ok<RoomView>(touched, "room.hit");
        world.Ok<RoomView>(asleep, "room.hit");
        world.Pass(TimeSpan.FromSeconds(60));
        world.RollOut("room@2.0.0");
        Assert.Equal(ErrorCodes.OneWay, Assert.Throws<FindingsException>(() => world.Start("room@3.1.0")).Code);
        Assert.Equal(RolloutPhase.Permanent, world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@3.1.0") with { OneWay = true }, "ann", default)).Id).Phase);
        world.Ok<RoomView>(touched, "room.hit");
        world.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(ErrorCodes.OneWay, Assert.Throws<FindingsException>(() => world.Done(world.Cluster.Ops.Undo(new UndoRequest(), "ann", default))).Code);
        var undo = world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest { OneWay = true }, "ann", default)).Id);
        Assert.Equal(RolloutPhase.Permanent, undo.Phase);
        Assert.Equal([(ErrorCodes.OneWay, "room"), (RehearsalRule.Failed, "room/touched")], undo.Accepted.Select(finding => (finding.Code, finding.Where)));
        Assert.Equal((ErrorCodes.EntityQuarantined, Ran.No), (world.Call(touched, "room.look").Error!.Code, world.Call(touched, "room.look").Error!.Ran));
        Assert.Equal(3, Schema(world, touched));
        Assert.Equal(("2.0.0", 1), (world.Ok<RoomView>(asleep, "room.look").Version, world.Ok<RoomView>(asleep, "room.look").Hits));

        world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@3.1.0") with { OneWay = true }, "ann", default)).Id);
        Assert.Equal((2, 1), (world.Ok<RoomView>(touched, "room.look").Hits, world.Ok<RoomView>(asleep, "room.look").Hits));
    }

    static void Undo(ClusterWorld world) =>
        Assert.Equal(RolloutPhase.Permanent, world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest(), "ann", default)).Id).Phase);

    static int Schema(ClusterWorld world, EntityId id) => world.Done(world.Entities.Read(id).AsTask())!.Slices.Single().Schema;
}
