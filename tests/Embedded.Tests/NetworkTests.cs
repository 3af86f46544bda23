using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>What the network may do to what silos say.</summary>
public sealed class NetworkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_comes_twice_counts_once(int seed)
    {
        using var world = ClusterWorld.Serving(3, seed, anyOrder: true);
        world.Network.Doubles = true;
        var ids = new Core.SeededIdSource(new Random(seed), world.Time);
        var (from, to) = (world.On("s0", "bank"), world.On("s1", "bank"));
        for (var i = 0; i < 10; i++) Assert.True(world.Call(from, "bank.credit", new Amount(10), key: ids.NewGuid()).Ok);
        for (var i = 0; i < 10; i++) Assert.True(world.Call(from, "bank.transfer", new Transfer(to.Key, 7), key: ids.NewGuid()).Ok);
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("bank@1.1.0").Phase);
        world.Join("s3");
        world.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal((30, 10), world.Ok<Balance>(from, "bank.balance") is var left ? (left.Gold, left.Transfers) : default);
        Assert.Equal(70, world.Ok<Balance>(to, "bank.balance").Gold);
        Assert.Equal([1L, 2], world.Records.Commits.Select(record => record.Epoch).Where(epoch => epoch > 0));
    }

    [Fact]
    public void A_request_that_was_lost_for_certain_is_sent_again_and_one_that_may_have_come_is_not()
    {
        using var world = ClusterWorld.Serving(2);
        var bank = world.On("s0", "bank");
        var left = 2;
        world.Network.Answers = (_, to, _) => left-- > 0 ? WatchedNetwork.Lost(to, Ran.No) : null;
        Assert.Equal(5, world.Ok<Balance>(bank, "bank.credit", new Amount(5)).Gold);

        left = 1;
        world.Network.Answers = (_, to, _) => left-- > 0 ? WatchedNetwork.Lost(to, Ran.Unknown) : null;
        Assert.Equal(Ran.Unknown, world.Call(bank, "bank.credit", new Amount(5)).Error?.Ran);
        Assert.Equal(5, world.Ok<Balance>(bank, "bank.balance").Gold);
    }

    [Fact]
    public void A_call_whose_answer_was_lost_ran_once_and_its_key_finds_the_answer()
    {
        using var world = ClusterWorld.Serving(2);
        var bank = world.On("s0", "bank");
        var key = new Core.SeededIdSource(new Random(1), world.Time).NewGuid();
        world.Network.LosesAnswer = (_, _, _) => true;
        Assert.Equal((ErrorCodes.SiloLost, Ran.Unknown), world.Call(bank, "bank.credit", new Amount(5), key: key).Error is { } lost ? (lost.Code, lost.Ran) : default);

        world.Network.LosesAnswer = (_, _, _) => false;
        Assert.Equal(5, ClusterWorld.Read<Balance>(world.Call(bank, "bank.credit", new Amount(5), key: key)).Gold);
        Assert.Equal(5, world.Ok<Balance>(bank, "bank.balance").Gold);
    }

    [Fact]
    public void A_release_that_was_lost_is_asked_again_and_a_silo_that_is_declared_dead_is_asked_no_more()
    {
        using var world = ClusterWorld.Serving(2);
        var silent = world.Cluster.Members[1];
        var bank = world.On("s0", "bank");
        world.Network.LosesRelease = to => to == silent;
        var call = world.Begin(bank, "bank.credit", new Amount(5)).AsTask();
        world.Pass(TimeSpan.FromSeconds(3));
        Assert.False(call.IsCompleted);
        world.Network.LosesRelease = _ => false;
        world.Until(() => call.IsCompleted, TimeSpan.FromSeconds(2));
        Assert.True(call.Result.Ok);

        world.Network.LosesRelease = to => to == silent;
        var other = world.Begin(world.On("s0", "bank", 1), "bank.credit", new Amount(5)).AsTask();
        world.Pass(TimeSpan.FromSeconds(2));
        Assert.False(other.IsCompleted);
        world.Cluster.SuspectSilo("s1");
        world.Until(() => other.IsCompleted, TimeSpan.FromSeconds(2));
        Assert.True(other.Result.Ok);
    }
}
