using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

/// <summary>Seeded histories in which silos die, leave and join while versions roll forward and back under load.</summary>
public sealed class ChaosTests
{
    const int Accounts = 12;
    const int Gold = 100;

    static readonly int First = Setting("EVERGRAIN_CHAOS_FROM", 1);
    static readonly int Count = Setting("EVERGRAIN_CHAOS_SEEDS", 8);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(First, Count)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_gold_is_lost_or_made_no_epoch_goes_back_and_nothing_is_left(int seed) => Play(seed);

    [Fact]
    public void The_same_seed_is_the_same_history()
    {
        var first = Play(77);
        Assert.NotEmpty(first);
        Assert.Equal(first, Play(77));
        Assert.NotEqual(first, Play(78));
    }

    [Fact]
    public async Task The_same_seed_is_the_same_history_in_every_process_and_on_every_machine()
    {
        var here = Play(78);
        Assert.Equal(here, await History.Elsewhere(78, processors: 1));
        Assert.Equal(here, await History.Elsewhere(78, processors: 7));
    }

    /// <returns>What happened, with the number of steps.</returns>
    internal static IReadOnlyList<string> Play(int seed)
    {
        using var world = ClusterWorld.Serving(3, seed, anyOrder: true);
        var random = new Random(seed);
        var history = new List<string>();
        var listening = Listen(world, history);
        for (var i = 0; i < Accounts; i++) world.Ok<Balance>(Account(i), "bank.credit", new Amount(Gold));
        for (var i = 0; i < 6; i++) world.Ok<RoomView>(new("room", $"room-{i}"), "room.open");
        var end = world.Now + TimeSpan.FromSeconds(30);
        var traders = Enumerable.Range(0, 8).Select(i => new Trader(world, seed * 100 + i)).ToArray();
        var trading = traders.Select(trader => trader.Trade(end)).ToArray();
        var joined = 3;
        while (world.Now < end)
        {
            Happen(world, random, ref joined);
            world.Pass(TimeSpan.FromMilliseconds(random.Next(50, 4000)));
        }
        foreach (var trade in trading) world.Done(trade);
        world.Pass(TimeSpan.FromSeconds(60));

        Assert.Equal(Accounts * Gold, Enumerable.Range(0, Accounts).Sum(i => world.Ok<Balance>(Account(i), "bank.balance").Gold));
        Assert.Equal(traders.Sum(trader => trader.Done), Enumerable.Range(0, Accounts).Sum(i => world.Ok<Balance>(Account(i), "bank.balance").Transfers));
        Assert.All(world.Cluster.Members, silo => Assert.Equal(world.Records.Last.Epoch, silo.Entities.Epoch));
        for (var i = 0; i < 6; i++) Assert.False(world.Ok<RoomView>(new("room", $"room-{i}"), "room.look").Gap);
        world.Until(() => world.Loader.Loaded.Count == 2 * world.Cluster.Members.Count);
        Assert.False(listening.IsCompleted);
        return [.. history, $"{world.Thread.Steps} steps, {traders.Sum(trader => trader.Done)} transfers"];
    }

    static async Task Listen(ClusterWorld world, List<string> history)
    {
        await foreach (var happened in world.Cluster.Ops.Events(CancellationToken.None)) history.Add($"{happened.At:O} {happened.Message}");
    }

    static int Setting(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var value) ? value : otherwise;

    static EntityId Account(int number) => new("bank", $"account-{number}");

    static void Happen(ClusterWorld world, Random random, ref int joined)
    {
        var members = world.Cluster.Members;
        var one = members[random.Next(members.Count)].Id;
        switch (random.Next(6))
        {
            case 0 when members.Count > 1:
                _ = world.Cluster.KillSilo(one);
                break;
            case 1 when members.Count > 1:
                _ = world.Cluster.StopSilo(one, default);
                break;
            case 2 when members.Count < 5:
                _ = world.Cluster.AddSilo($"s{joined++}", default);
                break;
            case 3:
                _ = world.Cluster.Ops.Undo(new UndoRequest(), "chaos", default);
                break;
            default:
                var room = new[] { "1.0.0", "1.1.0", "2.0.0" }[random.Next(3)];
                _ = world.Cluster.Ops.StartRollout(ClusterWorld.Request($"room@{room}", $"bank@{new[] { "1.0.0", "1.1.0" }[random.Next(2)]}"), "chaos", default);
                break;
        }
    }

    /// <summary>Moves gold between accounts, one transfer at a time, each asked again with its key until it is known to be done.</summary>
    sealed class Trader(ClusterWorld world, int seed)
    {
        readonly Random random = new(seed);
        readonly SeededIdSource ids = new(new Random(seed), world.Time);
        long seen;

        public int Done { get; private set; }

        public async Task Trade(DateTimeOffset until)
        {
            while (world.Now < until)
            {
                var (from, to) = (random.Next(Accounts), random.Next(Accounts));
                if (from != to) await Transfer(from, to);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 200)), world.Time);
            }
        }

        async Task Transfer(int from, int to)
        {
            var (key, transfer) = (ids.NewGuid(), new Transfer(Account(to).Key, random.Next(1, 3)));
            for (var attempt = 0; attempt < 100; attempt++)
            {
                var reply = await world.Begin(Account(from), "bank.transfer", transfer, seen, key, $"trader-{seed}");
                Assert.True(reply.Error is not null || reply.Epoch >= seen, $"P4: {seen} then {reply.Epoch}.");
                seen = Math.Max(seen, reply.SeenEpoch);
                if (reply.Ok) Done++;
                if (reply.Ok || reply.Error!.Code == ErrorCodes.Rejected) return;
                Assert.Contains(reply.Error.Code, (string[])[ErrorCodes.SiloLost, ErrorCodes.SiloNotReady, ErrorCodes.StoreConflict, ErrorCodes.Deadline, ErrorCodes.StoreUnavailable]);
                await Task.Delay(TimeSpan.FromMilliseconds(100), world.Time);
            }
            Assert.Fail("A transfer was never answered.");
        }
    }
}
