using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class JoinTests
{
    static readonly EntityId Room = new("room", "room-1");

    [Fact]
    public void A_cluster_without_a_silo_and_one_without_a_release_say_so()
    {
        using var world = new ClusterWorld();
        var nobody = world.Call(Room, "room.look");
        world.Join("s0");
        var nothing = world.Call(Room, "room.look");

        Assert.Equal((ErrorCodes.SiloNotReady, Ran.No), (nobody.Error!.Code, nobody.Error.Ran));
        Assert.Equal((ErrorCodes.UnknownKind, Ran.No), (nothing.Error!.Code, nothing.Error.Ran));
    }

    [Fact]
    public void A_call_that_comes_before_the_first_silo_serves_is_answered_by_it()
    {
        using var world = new ClusterWorld();
        var call = world.Begin(Room, "room.look").AsTask();
        world.Join("s0");
        world.Done(call);

        Assert.Equal(ErrorCodes.UnknownKind, call.Result.Error!.Code);
    }

    [Fact]
    public void A_joining_silo_serves_nothing_before_it_is_enrolled_and_has_caught_up()
    {
        using var world = ClusterWorld.Serving(1);
        var refusals = 3;
        world.Loader.Loads = _ =>
        {
            if (refusals-- > 0) throw new FindingsException(ErrorCodes.BadPackage, "The disk is slow today.", "Try again.");
        };
        var joining = world.Cluster.AddSilo("s1", default);
        world.Until(() => refusals <= 0);
        var joiner = world.Cluster.Members.Single(silo => silo.Id == "s1");

        Assert.False(joining.IsCompleted);
        Assert.Equal(0, joiner.Entities.Epoch);
        Assert.DoesNotContain(joiner, world.Cluster.Membership.Newest.Placement.Silos);
        var refused = world.Done(joiner.Receive(new CallRequest { Entity = Room, Operation = "room.look" }).AsTask());
        Assert.Equal((ErrorCodes.SiloNotReady, Ran.No), (refused.Error!.Code, refused.Error.Ran));

        world.Done(joining);
        Assert.Equal(1, joiner.Entities.Epoch);
        Assert.Contains(world.Records.Last.Silos, silo => silo.Id == "s1");
        Assert.Equal("1.0.0", world.Ok<RoomView>(world.On("s1", "room"), "room.look").Version);
    }

    [Fact]
    public void A_silo_that_is_killed_while_it_joins_is_said_to_be_lost_and_its_name_is_free_again()
    {
        using var world = ClusterWorld.Serving(1);
        world.Loader.Loads = _ => throw new FindingsException(ErrorCodes.BadPackage, "No disk.", "Try again.");
        var joining = world.Cluster.AddSilo("s1", default);
        world.Pass(TimeSpan.FromSeconds(2));
        world.Kill("s1");

        Assert.Equal(ErrorCodes.SiloLost, Assert.Throws<FindingsException>(() => world.Done(joining)).Code);
        world.Loader.Loads = static _ => { };
        world.Join("s1");
        Assert.Equal(2, world.Cluster.Membership.Newest.Placement.Silos.Length);
    }

    [Fact]
    public void A_join_that_is_given_up_leaves_no_member_and_no_enrolment()
    {
        using var world = ClusterWorld.Serving(1);
        world.Loader.Loads = _ => throw new FindingsException(ErrorCodes.BadPackage, "No disk.", "Try again.");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3), world.Time);
        var joining = world.Cluster.AddSilo("s1", patience.Token);

        Assert.ThrowsAny<OperationCanceledException>(() => world.Done(joining));
        Assert.Equal(["s0"], world.Cluster.Members.Select(silo => silo.Id));
        Assert.Equal(["s0"], world.Records.Last.Silos.Select(silo => silo.Id));
    }

    [Fact]
    public void A_name_is_taken_while_its_silo_lives()
    {
        using var world = ClusterWorld.Serving(1);
        Assert.Throws<ArgumentException>(() => world.Done(world.Cluster.AddSilo("s0", default)));
        Assert.Single(world.Cluster.Members);
    }

    [Theory]
    [InlineData(RolloutPhase.Requested)]
    [InlineData(RolloutPhase.Preparing)]
    [InlineData(RolloutPhase.Prepared)]
    [InlineData(RolloutPhase.Draining)]
    [InlineData(RolloutPhase.Permanent)]
    public void A_silo_that_joins_in_any_phase_ends_at_the_release_of_the_others(RolloutPhase phase)
    {
        using var world = ClusterWorld.Serving(2, seed: (int)phase);
        Task? joining = null;
        world.At(phase, () => joining = world.Cluster.AddSilo("s2", default));
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@1.1.0").Phase);
        world.Until(() => joining is { IsCompleted: true });
        world.Done(joining!);

        Assert.All(world.Cluster.Members, silo => Assert.Equal(2, silo.Entities.Epoch));
        Assert.Equal("1.1.0", world.Ok<RoomView>(world.On("s2", "room"), "room.look").Version);
    }
}
