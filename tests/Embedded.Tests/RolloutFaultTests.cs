using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class RolloutFaultTests
{
    [Theory]
    [InlineData(RolloutPhase.Requested)]
    [InlineData(RolloutPhase.Preparing)]
    [InlineData(RolloutPhase.Prepared)]
    [InlineData(RolloutPhase.Draining)]
    [InlineData(RolloutPhase.Permanent)]
    public void The_version_grain_dies_in_any_phase_and_the_rollout_still_ends(RolloutPhase phase)
    {
        using var world = ClusterWorld.Serving(3, seed: 11 + (int)phase);
        var home = world.Cluster.Membership.Newest.Home!.Id;
        world.At(phase, () => world.Cluster.KillSilo(home));
        CheckEnd(world, RollOutThrough(world, "room@1.1.0"));
        Assert.NotEqual(home, world.Cluster.Membership.Newest.Home!.Id);
    }

    [Theory]
    [InlineData(RolloutPhase.Requested)]
    [InlineData(RolloutPhase.Preparing)]
    [InlineData(RolloutPhase.Prepared)]
    [InlineData(RolloutPhase.Draining)]
    public void Another_silo_dies_in_any_phase_and_the_rollout_still_ends(RolloutPhase phase)
    {
        using var world = ClusterWorld.Serving(3, seed: 21 + (int)phase);
        var victim = world.Cluster.Members.First(silo => silo != world.Cluster.Membership.Newest.Home).Id;
        world.At(phase, () => world.Cluster.KillSilo(victim));
        CheckEnd(world, RollOutThrough(world, "room@1.1.0"));
    }

    [Fact]
    public void Of_two_rollouts_at_once_one_is_refused()
    {
        using var world = ClusterWorld.Serving(2);
        var first = world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@1.1.0"), "ann", default);
        var second = world.Cluster.Ops.StartRollout(ClusterWorld.Request("bank@1.1.0"), "bob", default);
        var refused = Assert.Throws<FindingsException>(() => world.Done(second));

        Assert.Equal(ErrorCodes.RolloutRunning, refused.Code);
        Assert.Equal(RolloutPhase.Permanent, world.Ended(world.Done(first).Id).Phase);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("bank@1.1.0").Phase);
    }

    [Fact]
    public void Two_modules_switch_together_and_one_undo_takes_both_back_at_a_higher_epoch()
    {
        using var world = ClusterWorld.Serving(2);
        var (room, bank) = (new EntityId("room", "room-1"), new EntityId("bank", "ann"));
        world.Ok<RoomView>(room, "room.open");
        for (var i = 0; i < 4; i++) world.Ok<RoomView>(room, "room.hit");
        world.Ok<Balance>(bank, "bank.credit", new Amount(3));
        world.RollOut("room@2.0.0", "bank@1.1.0");
        Assert.Equal(("2.0.0", 4), (world.Ok<RoomView>(room, "room.look").Version, world.Ok<RoomView>(room, "room.look").Hits));
        Assert.Equal(("1.1.0", 3), (world.Ok<Balance>(bank, "bank.balance").Version, world.Ok<Balance>(bank, "bank.balance").Gold));

        world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest { Reason = "too strong" }, "ann", default)).Id);
        var back = world.Call(room, "room.look");
        Assert.Equal(("1.0.0", 3L), (back.Module.Version, back.Epoch));
        Assert.Equal(4, ClusterWorld.Read<RoomView>(back).Hits);
        world.Pass(TimeSpan.FromSeconds(1));
        var view = world.Ok<RoomView>(room, "room.look");
        Assert.False(view.Gap);
        Assert.Equal(4, world.Loader.Loaded.Count(definition => definition.Version == "1.0.0"));
    }

    [Fact]
    public void A_package_that_no_silo_can_load_is_given_up_with_its_findings_and_the_next_try_works()
    {
        using var world = ClusterWorld.Serving(2);
        world.Loader.Loads = manifest =>
        {
            if (manifest.Version == "1.1.0") throw new FindingsException(ErrorCodes.BadPackage, "It throws.", "Mend it.", [new Finding("module/configure-throws", "Configure", "It throws.", "Mend it.")]);
        };
        var failed = world.RollOut("room@1.1.0");
        Assert.Equal(RolloutPhase.Aborted, failed.Phase);
        Assert.Contains(failed.Findings, finding => finding.Code == "module/configure-throws");
        Assert.Equal(4, world.Loader.Loaded.Count);
        Assert.Equal("1.0.0", world.Ok<RoomView>(new("room", "room-1"), "room.look").Version);

        world.Loader.Loads = static _ => { };
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@1.1.0").Phase);
        Assert.Equal(4, world.Loader.Loaded.Count);
    }

    [Fact]
    public void A_dry_run_loads_everywhere_commits_nothing_and_leaves_nothing()
    {
        using var world = ClusterWorld.Serving(2);
        var dry = world.Done(world.Cluster.Ops.StartRollout(ClusterWorld.Request("room@2.0.0") with { DryRun = true }, "ann", default));
        var ended = world.Ended(dry.Id);
        world.Pass(TimeSpan.FromSeconds(5));

        Assert.Null(ended.Epoch);
        Assert.Equal(1, world.Records.Last.Epoch);
        Assert.Equal(4, world.Loader.Loaded.Count);
    }

    [Fact]
    public void An_entity_that_cannot_be_migrated_keeps_its_slot_until_the_drain_deadline_then_answers_quarantined_with_its_bytes_untouched()
    {
        using var world = ClusterWorld.Serving(1, options: new EmbeddedClusterOptions { Rehearsals = new() { Sample = 0 } });
        var (unlucky, lucky) = (new EntityId("room", "unlucky"), new EntityId("room", "lucky"));
        for (var i = 0; i < RoomTwo.Unlucky; i++) world.Ok<RoomView>(unlucky, "room.hit");
        world.Ok<RoomView>(lucky, "room.hit");
        world.Pass(TimeSpan.FromSeconds(2));
        var rollout = world.Start("room@2.0.0");
        world.Until(() => world.Records.Last.Epoch == 2);
        world.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal("2.0.0", world.Ok<RoomView>(lucky, "room.look").Version);
        Assert.Equal("1.0.0", world.Ok<RoomView>(unlucky, "room.look").Version);
        var draining = world.Cluster.Members[0].Modules.Report().Single(slot => slot is { Name: "room", State: SlotState.Draining });
        Assert.Contains(draining.Holders, holder => holder.Contains("room/unlucky", StringComparison.Ordinal) && holder.Contains("thirteen", StringComparison.Ordinal));

        Assert.Equal(RolloutPhase.Permanent, world.Ended(rollout.Id).Phase);
        var reply = world.Call(unlucky, "room.look");
        Assert.Equal((ErrorCodes.EntityQuarantined, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        var slice = world.Done(world.Entities.Read(unlucky).AsTask())!.Slices.Single();
        Assert.Equal((1, "1.0.0"), (slice.Schema, slice.Version));

        world.Ended(world.Done(world.Cluster.Ops.Undo(new UndoRequest(), "ann", default)).Id);
        Assert.Equal(RoomTwo.Unlucky, world.Ok<RoomView>(unlucky, "room.look").Hits);
    }

    // A caller may be told that the store did not answer when the grain's silo dies under the request; it then looks and asks again.
    static string RollOutThrough(ClusterWorld world, string version)
    {
        var start = world.Cluster.Ops.StartRollout(ClusterWorld.Request(version), "test", default);
        world.Until(() => start.IsCompleted);
        world.Until(() => world.Records.Last.Rollout is { Ended: true, Changes: [{ Name: "room" }] } rollout && rollout.Changes[0].To == "1.1.0" && rollout.Changes[0].From == "1.0.0");
        return world.Records.Last.Rollout!.Id;
    }

    static void CheckEnd(ClusterWorld world, string id)
    {
        world.Pass(TimeSpan.FromSeconds(5));
        var ended = world.Status(id);
        var (epoch, version) = ended.Phase == RolloutPhase.Permanent ? (2L, "1.1.0") : (1L, "1.0.0");
        Assert.Equal(2, world.Cluster.Members.Count);
        Assert.All(world.Cluster.Members, silo => Assert.Equal(epoch, silo.Entities.Epoch));
        foreach (var silo in world.Cluster.Members.ToArray()) Assert.Equal(version, world.Ok<RoomView>(world.On(silo.Id, "room"), "room.look").Version);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0").Phase);
        world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(4, world.Loader.Loaded.Count);
    }
}
