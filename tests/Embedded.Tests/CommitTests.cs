using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>The silo of the version grain dies at the very write that is the commit, while players play.</summary>
public sealed class CommitTests
{
    const int Accounts = 6;
    const int Gold = 50;

    [Fact]
    public void It_dies_before_its_commit_reaches_the_store_and_the_next_version_grain_commits()
    {
        using var world = ClusterWorld.Serving(3, seed: 31);
        var home = world.Cluster.Membership.Newest.Home!.Id;
        var tries = 0;
        world.Records.BeforeCommit = commit =>
        {
            if (tries++ > 0) return true;
            _ = world.Cluster.KillSilo(home);
            return false;
        };
        RollOutUnderLoad(world, home);

        Assert.Equal(2, tries);
    }

    [Fact]
    public void It_dies_after_its_commit_and_before_it_knows_and_the_next_version_grain_goes_on()
    {
        using var world = ClusterWorld.Serving(3, seed: 32);
        var home = world.Cluster.Membership.Newest.Home!.Id;
        var commits = 0;
        world.Records.AfterCommit = commit =>
        {
            if (commits++ == 0) _ = world.Cluster.KillSilo(home);
        };
        RollOutUnderLoad(world, home);

        Assert.Equal(1, commits);
    }

    static void RollOutUnderLoad(ClusterWorld world, string home)
    {
        for (var i = 0; i < Accounts; i++) world.Ok<Balance>(Account(i), "bank.credit", new Amount(Gold));
        var trading = Enumerable.Range(0, Accounts).Select(i => Trade(world, i)).ToArray();
        var start = world.Cluster.Ops.StartRollout(ClusterWorld.Request("bank@1.1.0"), "ann", default);
        world.Until(() => world.Records.Last is { Epoch: 2, Rollout.Phase: RolloutPhase.Permanent });
        foreach (var trade in trading) world.Done(trade);
        world.Until(() => start.IsCompleted);
        world.Pass(TimeSpan.FromSeconds(10));

        Assert.NotEqual(home, world.Cluster.Membership.Newest.Home!.Id);
        Assert.All(world.Cluster.Members, silo => Assert.Equal(2, silo.Entities.Epoch));
        Assert.All(Enumerable.Range(0, Accounts), i => Assert.Equal("1.1.0", world.Ok<Balance>(Account(i), "bank.balance").Version));
        Assert.Equal(Accounts * Gold, Enumerable.Range(0, Accounts).Sum(i => world.Ok<Balance>(Account(i), "bank.balance").Gold));
        Assert.Equal(Accounts * 20, Enumerable.Range(0, Accounts).Sum(i => world.Ok<Balance>(Account(i), "bank.balance").Transfers));
    }

    // Twenty transfers, each asked again with its key until it is answered: none is lost, none runs twice.
    static async Task Trade(ClusterWorld world, int from)
    {
        var ids = new SeededIdSource(new Random(from), world.Time);
        for (var i = 0; i < 20; i++)
        {
            var key = ids.NewGuid();
            var reply = default(CallReply);
            for (var attempt = 0; attempt < 50 && reply is not { Ok: true }; attempt++)
            {
                reply = await world.Begin(Account(from), "bank.transfer", new Transfer(Account((from + 1) % Accounts).Key, 1), key: key, caller: $"player-{from}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), world.Time);
            }
            Assert.True(reply!.Ok, $"{reply.Error}");
        }
    }

    static EntityId Account(int number) => new("bank", $"account-{number}");
}
