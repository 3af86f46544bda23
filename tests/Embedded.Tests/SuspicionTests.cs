using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>A silo that lives is declared dead, and hears of it late.</summary>
public sealed class SuspicionTests
{
    [Fact]
    public void A_silo_that_hears_that_it_was_declared_dead_ends_itself_and_leaves_the_record()
    {
        using var world = ClusterWorld.Serving(2);
        var (bank, old) = (world.On("s0", "bank"), world.Cluster.Members[0]);
        world.Ok<Balance>(bank, "bank.credit", new Amount(5));
        world.Cluster.SuspectSilo("s0");

        Assert.True(old.IsDead);
        Assert.Equal(["s1"], world.Cluster.Members.Select(silo => silo.Id));
        Assert.Equal(8, world.Ok<Balance>(bank, "bank.credit", new Amount(3)).Gold);
        world.RollOut("room@1.1.0");
        Assert.Equal(["s1"], world.Records.Last.Silos.Select(silo => silo.Id));
    }

    [Fact]
    public void While_it_does_not_know_an_entity_is_active_twice_and_of_two_writes_one_is_a_conflict()
    {
        using var world = ClusterWorld.Serving(3);
        var old = world.Cluster.Members[0];
        var bank = world.On("s0", "bank");
        world.Ok<Balance>(bank, "bank.credit", new Amount(10));
        Unheard(world, old);
        Assert.Equal(15, world.Ok<Balance>(bank, "bank.credit", new Amount(5)).Gold);
        Assert.NotNull(old.Entities.Active(bank));
        Assert.Single(world.Homes(bank));

        // To itself the old silo is the bank's home: what asks there, asks its activation, whose record is old.
        var there = world.Done(old.Call(Credit(bank, 100)).AsTask());
        Assert.Equal(ErrorCodes.StoreConflict, there.Error?.Code);
        Assert.Equal(15, world.Ok<Balance>(bank, "bank.balance").Gold);

        // It asks the others to let go, as every silo does before it reads; then its write is as good as any, until they read again.
        Assert.True(world.Done(old.Call(Credit(bank, 2)).AsTask()).Ok);
        Assert.Empty(world.Homes(bank));
        Assert.Equal(20, world.Ok<Balance>(bank, "bank.credit", new Amount(3)).Gold);
        Assert.Equal(ErrorCodes.StoreConflict, world.Done(old.Call(Credit(bank, 1000)).AsTask()).Error?.Code);

        Informed(world, old);
        Assert.True(old.IsDead);
        Assert.Equal(20, world.Ok<Balance>(bank, "bank.balance").Gold);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_gold_is_made_or_lost_while_two_silos_move_it(int seed)
    {
        using var world = ClusterWorld.Serving(3, seed, anyOrder: true);
        var old = world.Cluster.Members[0];
        var accounts = Enumerable.Range(0, 6).Select(i => new EntityId("bank", $"account-{i}")).ToArray();
        foreach (var account in accounts) world.Ok<Balance>(account, "bank.credit", new Amount(100));
        Unheard(world, old);
        var random = new Random(seed);
        var calls = new List<Task<CallReply>>();
        for (var i = 0; i < 60; i++)
        {
            var (from, to) = (accounts[random.Next(6)], accounts[random.Next(6)]);
            if (from == to) continue;
            calls.Add(random.Next(2) == 0 ? old.Call(Moves(from, to)).AsTask() : world.Begin(from, "bank.transfer", new Transfer(to.Key, 1)).AsTask());
            world.Pass(TimeSpan.FromMilliseconds(random.Next(60)));
        }
        Informed(world, old);
        foreach (var call in calls) world.Done(call);
        world.Pass(TimeSpan.FromSeconds(60));

        var balances = accounts.Select(account => world.Ok<Balance>(account, "bank.balance")).ToArray();
        Assert.Equal(600, balances.Sum(balance => balance.Gold));
        var (done, unknown) = (calls.Count(call => call.Result.Ok), calls.Count(call => call.Result.Error is { Ran: not Ran.No }));
        Assert.InRange(balances.Sum(balance => balance.Transfers), done, done + unknown);
        Assert.True(old.IsDead && calls.Any(call => call.Result.Error is not null));
    }

    [Fact]
    public void Its_name_may_be_given_to_another_meanwhile_and_a_rollout_goes_through_with_both()
    {
        using var world = ClusterWorld.Serving(3);
        var old = world.Cluster.Members[0];
        Unheard(world, old);
        var successor = world.Join("s0");
        Assert.NotSame(old, successor);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@1.1.0").Phase);
        var room = world.On("s0", "room");
        var reply = world.Call(room, "room.look");

        // Whoever has seen epoch 2 is answered there by epoch 2, by the old silo too.
        Assert.Equal(("1.1.0", 2), (reply.Module.Version, reply.Epoch));
        var there = world.Done(old.Call(new CallRequest { Entity = room, Operation = "room.look", SeenEpoch = reply.SeenEpoch }).AsTask());
        Assert.True(there.Error is { Ran: Ran.No } || there.Epoch >= 2, there.ToString());
        Informed(world, old);
        Assert.True(old.IsDead);
        Assert.False(successor.IsDead);
        world.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(["s0", "s1", "s2"], world.Records.Last.Silos.Select(silo => silo.Id));
        Assert.Equal(successor.Agent.Instance, world.Records.Last.Silos[0].Instance);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0").Phase);
    }

    [Fact]
    public void The_version_grain_goes_on_elsewhere_though_its_silo_does_not_know()
    {
        using var world = ClusterWorld.Serving(3);
        var old = world.Cluster.Membership.Newest.Home!;
        var rollout = world.Start("room@1.1.0");
        Unheard(world, old);
        Assert.NotSame(old, world.Cluster.Membership.Newest.Home);

        Assert.Equal(RolloutPhase.Permanent, world.Ended(rollout.Id).Phase);
        Assert.Equal([1L, 2], world.Records.Commits.Select(record => record.Epoch).Where(epoch => epoch > 0));
        Informed(world, old);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@2.0.0").Phase);
    }

    [Fact]
    public void An_older_view_never_replaces_a_newer_one_and_a_lost_one_is_sent_again()
    {
        using var world = ClusterWorld.Serving(2);
        var silo = world.Cluster.Members[0];
        var older = silo.View;
        world.Network.Uninformed.Add(silo);
        world.Join("s2");
        Assert.Same(older, silo.View);
        world.Network.Uninformed.Clear();
        world.Pass(TimeSpan.FromSeconds(2));
        Assert.Same(world.Cluster.Membership.Newest, silo.View);

        silo.ReceiveMembers(older);
        Assert.Same(world.Cluster.Membership.Newest, silo.View);
    }

    static void Unheard(ClusterWorld world, EmbeddedSilo silo)
    {
        world.Network.Uninformed.Add(silo);
        world.Cluster.SuspectSilo(silo.Id);
        Assert.False(silo.IsDead);
        Assert.Contains(silo, silo.View.Members);
    }

    static void Informed(ClusterWorld world, EmbeddedSilo silo)
    {
        world.Network.Uninformed.Remove(silo);
        world.Until(() => silo.IsDead, TimeSpan.FromSeconds(2));
    }

    static CallRequest Credit(EntityId bank, int gold) => new() { Entity = bank, Operation = "bank.credit", Caller = "bank/old", Arguments = ClusterWorld.Write(new Amount(gold)) };

    static CallRequest Moves(EntityId from, EntityId to) => new() { Entity = from, Operation = "bank.transfer", Caller = "bank/old", Arguments = ClusterWorld.Write(new Transfer(to.Key, 1)) };
}
