using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests.Operators;

/// <summary>Rooms that room@3.1.0 wrote, which has no step down, after it was taken back.</summary>
public sealed class QuarantineTests
{
    static readonly EntityId Touched = new("room", "touched");
    static readonly OperatorReason Because = new("ticket 7");

    [Fact]
    public void A_restored_entity_serves_again_with_the_state_before_and_the_lost_one_is_kept_for_a_second_restore()
    {
        using var world = Quarantined();
        var events = Listen(world);
        Assert.Equal(Touched, Assert.Single(List(world)).Id);
        var still = world.Done(world.Cluster.EntityOps.Retry(Touched, Because, "ann", default));
        Assert.Equal((false, ErrorCodes.EntityQuarantined), (still.Serves, still.Why!.Code));
        Assert.Single(List(world));

        Assert.True(world.Done(world.Cluster.EntityOps.Restore(Touched, Because, "ann", default)).Serves);
        Assert.Equal(("2.0.0", 1), (world.Ok<RoomView>(Touched, "room.look").Version, world.Ok<RoomView>(Touched, "room.look").Hits));
        Assert.Empty(List(world));
        Assert.Equal(ErrorCodes.NotQuarantined, Refused(world, world.Cluster.EntityOps.Restore(Touched, Because, "ann", default)));
        Assert.Equal(3, Stored(world)!.Slices.Single().Before!.Schema);
        Assert.Equal(["ann tried again room/touched: ticket 7.", "ann restored the state before of room/touched: ticket 7."], events().Select(told => told.Split(" It does not")[0]));
    }

    [Fact]
    public void What_a_bad_version_touched_is_found_after_it_was_taken_back_and_what_it_touched_was_written_again()
    {
        using var world = Quarantined();
        world.Done(world.Cluster.EntityOps.Restore(Touched, Because, "ann", default));
        world.Ok<RoomView>(Touched, "room.hit");
        world.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal("2.0.0", Stored(world)!.Slices.Single().Version);
        var found = world.Done(world.Cluster.EntityOps.List(new EntityFilter { WrittenBy = new("room", "3.1.0"), SinceEpoch = 3 }, default));
        Assert.Equal(Touched, Assert.Single(found.Entities).Id);
    }

    [Fact]
    public void A_discarded_entity_is_gone_and_begins_anew()
    {
        using var world = Quarantined();
        var gone = world.Done(world.Cluster.EntityOps.Discard(Touched, Because, "ann", default));

        Assert.Equal((false, null), (gone.Serves, gone.Why));
        Assert.Null(Stored(world));
        Assert.Empty(List(world));
        Assert.Equal(0, world.Ok<RoomView>(Touched, "room.look").Hits);
    }

    [Fact]
    public void A_retry_brings_it_back_once_a_version_that_can_serves_and_what_serves_is_left_alone()
    {
        using var world = Quarantined();
        world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@3.1.0") with { OneWay = true }, "ann", default)).Id);

        Assert.Equal(2, world.Ok<RoomView>(Touched, "room.look").Hits);
        Assert.Empty(List(world));
        foreach (var act in new Func<EntityId, OperatorReason, string, CancellationToken, Task<QuarantineOutcome>>[] { world.Cluster.EntityOps.Retry, world.Cluster.EntityOps.Restore, world.Cluster.EntityOps.Discard })
            Assert.Equal(ErrorCodes.NotQuarantined, Refused(world, act(Touched, Because, "ann", default)));
        Assert.Equal(2, world.Ok<RoomView>(Touched, "room.look").Hits);
    }

    [Fact]
    public void A_retry_succeeds_once_the_version_that_wrote_it_can_be_loaded_again()
    {
        using var world = ClusterWorld.Serving(2);
        world.RollOut("room@2.0.0");
        world.Ok<RoomView>(Touched, "room.hit");
        world.Pass(TimeSpan.FromSeconds(60));
        Assert.Empty(world.Homes(Touched));
        world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest(), "ann", default)).Id);
        world.Pass(TimeSpan.FromMinutes(2));
        world.Loader.Loads = manifest =>
        {
            if (manifest.Id == new ModuleId("room", "2.0.0")) throw new FindingsException(ErrorCodes.BadPackage, "It was signed by nobody.", "Sign it.");
        };
        Assert.Equal(ErrorCodes.EntityQuarantined, world.Call(Touched, "room.look").Error!.Code);
        Assert.Equal(Touched, Assert.Single(List(world)).Id);
        Assert.False(world.Done(world.Cluster.EntityOps.Retry(Touched, Because, "ann", default)).Serves);

        world.Loader.Loads = static _ => { };
        Assert.True(world.Done(world.Cluster.EntityOps.Retry(Touched, Because, "ann", default)).Serves);
        Assert.Empty(List(world));
        Assert.Equal(("1.0.0", 1), (world.Ok<RoomView>(Touched, "room.look").Version, world.Ok<RoomView>(Touched, "room.look").Hits));
    }

    // Two hits: one by 2.0.0, one by 3.1.0.
    static ClusterWorld Quarantined()
    {
        var world = ClusterWorld.Serving(2);
        world.RollOut("room@2.0.0");
        world.Ok<RoomView>(Touched, "room.hit");
        world.Pass(TimeSpan.FromSeconds(2));
        world.Ended(world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@3.1.0") with { OneWay = true }, "ann", default)).Id);
        world.Ok<RoomView>(Touched, "room.hit");
        world.Pass(TimeSpan.FromSeconds(2));
        world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest { OneWay = true }, "ann", default)).Id);
        Assert.Equal(ErrorCodes.EntityQuarantined, world.Call(Touched, "room.look").Error!.Code);
        world.Pass(TimeSpan.FromSeconds(30));
        return world;
    }

    static IReadOnlyList<QuarantinedEntity> List(ClusterWorld world) => world.Done(world.Cluster.EntityOps.Quarantined(null, 10, default)).Entities;
    static EntityRecord? Stored(ClusterWorld world) => world.Done(world.Entities.Read(Touched).AsTask());

    static string Refused(ClusterWorld world, Task<QuarantineOutcome> act) => Assert.Throws<FindingsException>(() => world.Done(act)).Code;

    static Func<IEnumerable<string>> Listen(ClusterWorld world)
    {
        var told = new List<string>();
        _ = Hear();
        world.Thread.Drain();
        return () =>
        {
            world.Thread.Drain();
            return told;
        };

        async Task Hear()
        {
            await foreach (var happened in world.Cluster.Ops.Events(default))
                if (happened.Type == "entity") told.Add(happened.Message);
        }
    }
}
