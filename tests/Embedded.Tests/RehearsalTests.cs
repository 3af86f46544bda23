using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>Live rooms are tried on a version before it serves.</summary>
public sealed class RehearsalTests
{
    const int Rooms = 30;

    [Fact]
    public void Operators_see_what_was_rehearsed_before_the_commit()
    {
        using var world = Playing(silos: 2);
        RehearsalCount? seen = null;
        world.At(RolloutPhase.Prepared, () => seen = world.Records.Last.Rollout!.ToStatus().Rehearsal);
        var ended = world.RollOut("room@2.0.0");

        Assert.Equal(new RehearsalCount(Rooms, 0, 0, 0, 0), seen);
        Assert.Equal((RolloutPhase.Permanent, seen), (ended.Phase, ended.Rehearsal));
        Assert.All(ended.Silos, silo => Assert.Equal(world.Cluster.Members.Single(member => member.Id == silo.Silo).Entities.Rows("room").Count(), silo.Rehearsal!.Entities));
        Assert.Equal(("2.0.0", 1), (world.Ok<RoomView>(Room(7), "room.look").Version, world.Ok<RoomView>(Room(7), "room.look").Hits));
    }

    [Fact]
    public void A_dry_run_shows_it_too_and_changes_nothing()
    {
        using var world = Playing(silos: 2);
        var ended = world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@2.1.0") with { DryRun = true }, "ann", default)).Id);
        world.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal((Rooms, Rooms), (ended.Rehearsal!.Entities, ended.Rehearsal.Differences));
        Assert.Equal(2 * new RehearsalOptions().Shown, ended.Findings.Count(finding => finding.Code == RehearsalRule.Different));
        Assert.Equal((1, 4), (world.Records.Last.Epoch, world.Loader.Loaded.Count));
        Assert.Equal(("1.0.0", 1), (world.Ok<RoomView>(Room(7), "room.look").Version, world.Ok<RoomView>(Room(7), "room.look").Hits));
    }

    [Fact]
    public void A_room_that_the_new_version_cannot_take_refuses_it_by_its_key_whatever_is_accepted()
    {
        using var world = Playing(silos: 1);
        for (var i = 1; i < RoomTwo.Unlucky; i++) world.Ok<RoomView>(Room(3), "room.hit");
        var ended = world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@2.0.0") with { AcceptDifferences = true }, "ann", default)).Id);

        Assert.Equal((RolloutPhase.Aborted, null), (ended.Phase, ended.Epoch));
        Assert.Equal((Rooms, 1L), (ended.Rehearsal!.Entities, ended.Rehearsal.Failures));
        var finding = Assert.Single(ended.Findings, finding => finding.Code == RehearsalRule.Failed);
        Assert.Equal(("room/room-3", "room@2.0.0", "s0"), (finding.Where, finding.Module, finding.Silo));
        Assert.Contains("thirteen hits", finding.Message);
        Assert.Equal(("1.0.0", 13), (world.Ok<RoomView>(Room(3), "room.look").Version, world.Ok<RoomView>(Room(3), "room.look").Hits));

        world.Ok<RoomView>(Room(3), "room.hit");
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0").Phase);
    }

    [Fact]
    public void States_that_an_undo_would_not_bring_back_refuse_unless_the_operator_accepts_them()
    {
        using var world = Playing(silos: 1);
        var refused = world.RollOut("room@2.1.0");
        Assert.Equal((RolloutPhase.Aborted, (long)Rooms), (refused.Phase, refused.Rehearsal!.Differences));
        Assert.Contains("state.hits is 1 and would be 0", refused.Findings.First(finding => finding.Code == RehearsalRule.Different).Message);

        var accepted = world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@2.1.0") with { AcceptDifferences = true }, "ann", default)).Id);
        Assert.Equal((RolloutPhase.Permanent, 0), (accepted.Phase, accepted.Findings.Count));
        Assert.Equal(new RehearsalOptions().Shown, accepted.Accepted.Count(finding => finding.Code == RehearsalRule.Different));
        Assert.Equal((long)Rooms, accepted.Rehearsal!.Differences);
    }

    [Fact]
    public void An_undo_is_never_refused_and_says_which_rooms_would_not_come_down()
    {
        using var world = Playing(silos: 1);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.2.0").Phase);
        for (var i = 0; i < 10; i++) world.Ok<RoomView>(Room(3), "room.hit");
        var undo = world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest(), "ann", default)).Id);

        Assert.Equal((RolloutPhase.Permanent, 0), (undo.Phase, undo.Findings.Count));
        Assert.Equal((Rooms, 0L, 1L), (undo.Rehearsal!.Entities, undo.Rehearsal.Differences, undo.Rehearsal.Failures));
        Assert.Equal("room/room-3", Assert.Single(undo.Accepted).Where);
        Assert.Equal(ErrorCodes.EntityQuarantined, world.Call(Room(3), "room.look").Error!.Code);
        Assert.Equal(("1.0.0", 1), (world.Ok<RoomView>(Room(4), "room.look").Version, world.Ok<RoomView>(Room(4), "room.look").Hits));
    }

    static EntityId Room(int number) => new("room", $"room-{number}");

    static ClusterWorld Playing(int silos)
    {
        var world = ClusterWorld.Serving(silos);
        for (var i = 0; i < Rooms; i++) world.Ok<RoomView>(Room(i), "room.hit");
        return world;
    }
}
