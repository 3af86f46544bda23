using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class LoadTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Under_load_every_call_gets_one_answer_of_the_version_of_its_epoch_and_epochs_never_go_back(int seed, bool kill)
    {
        using var world = ClusterWorld.Serving(3, seed, anyOrder: true);
        var players = Enumerable.Range(0, 24).Select(i => new Player(world, i, seed)).ToArray();
        var playing = players.Select(player => player.Play(until: world.Now + TimeSpan.FromSeconds(12))).ToArray();
        world.Network.Deaf.Add("s1");
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@1.1.0").Phase);
        if (kill) world.Kill("s2");
        Assert.Equal(RolloutPhase.Permanent, world.RollOut("room@1.0.0", "bank@1.1.0").Phase);
        world.Join("s3");
        foreach (var play in playing) world.Done(play);

        Assert.All(players, player => Assert.Equal(player.Asked, player.Answered));
        Assert.All(players.SelectMany(player => player.Faults), fault => Assert.True(kill && fault.Code == ErrorCodes.SiloLost, fault.ToString()));
        Assert.True(players.Sum(player => player.Answered) > 1500);
        Assert.Equal(3, players.Max(player => player.Seen));
    }

    [Fact]
    public void A_call_that_has_seen_an_epoch_is_never_run_before_it_by_a_silo_that_lags()
    {
        using var world = ClusterWorld.Serving(2);
        world.Network.Deaf.Add("s1");
        var (near, far) = (world.On("s0", "room"), world.On("s1", "room"));
        world.Ok<RoomView>(near, "room.look");
        world.Ok<RoomView>(far, "room.look");
        world.Start("room@1.1.0");
        world.Until(() => world.Cluster.Members[0].Entities.Epoch == 2);
        Assert.Equal(1, world.Cluster.Members[1].Entities.Epoch);

        var nested = world.Call(near, "room.ask", new Ask(far.Key));
        Assert.True(nested.Ok, nested.Error?.ToString());
        Assert.Equal("1.1.0", ClusterWorld.Read<Asked>(nested).Other.Version);
        Assert.Equal(2, world.Cluster.Members[1].Entities.Epoch);
    }

    [Fact]
    public void A_call_with_an_epoch_from_nowhere_is_answered_at_once()
    {
        using var world = ClusterWorld.Serving(2);
        var began = world.Now;
        var reply = world.Call(new("room", "room-1"), "room.look", seenEpoch: 99);

        Assert.Equal((ErrorCodes.EpochUnknown, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.True(world.Now - began < TimeSpan.FromSeconds(1));
        Assert.True(world.Call(new("room", "room-1"), "room.look", seenEpoch: 1).Ok);
    }

    [Fact]
    public void Frames_go_on_without_a_gap_through_every_reload()
    {
        using var world = ClusterWorld.Serving(2);
        var rooms = Enumerable.Range(0, 8).Select(i => new EntityId("room", $"room-{i}")).ToArray();
        foreach (var room in rooms) world.Ok<RoomView>(room, "room.open");
        var opened = world.Now;
        foreach (var version in new[] { "1.1.0", "2.0.0", "1.1.0", "1.0.0" }) world.RollOut($"room@{version}");
        world.Pass(TimeSpan.FromSeconds(1));

        foreach (var room in rooms)
        {
            var view = world.Ok<RoomView>(room, "room.look");
            Assert.False(view.Gap);
            Assert.InRange(view.Frames - (world.Now - opened).TotalSeconds * 20, -2, 2);
        }
    }

    /// <summary>Calls one after another, each with the highest epoch that it has seen.</summary>
    sealed class Player(ClusterWorld world, int number, int seed)
    {
        readonly Random random = new(seed * 1000 + number);

        public long Seen { get; private set; }
        public int Asked { get; private set; }
        public int Answered { get; private set; }
        public List<CallError> Faults { get; } = [];

        public async Task Play(DateTimeOffset until)
        {
            while (world.Now < until)
            {
                // A room asks only those after it, so that no two wait for each other.
                var room = random.Next(40);
                var asks = random.Next(3) == 0 && room < 39;
                Asked++;
                var reply = await world.Begin(new EntityId("room", $"room-{room}"), asks ? "room.ask" : "room.hit", asks ? new Ask($"room-{random.Next(room + 1, 40)}") : null, Seen);
                Answered++;
                Judge(reply, asks);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 120)), world.Time);
            }
        }

        void Judge(CallReply reply, bool asks)
        {
            if (reply.Error is { } error)
            {
                Faults.Add(error);
                return;
            }
            Assert.True(reply.Epoch >= Seen && reply.SeenEpoch >= reply.Epoch, $"P4: {Seen} then {reply.Epoch}, {reply.SeenEpoch}.");
            Seen = reply.SeenEpoch;
            var serving = world.Records.Commits.Single(record => record.Epoch == reply.Epoch).Release.Packages.Single(package => package.Name == "room").Version;
            Assert.Equal(serving, reply.Module.Version);
            Assert.Equal(serving, asks ? ClusterWorld.Read<Asked>(reply).Version : ClusterWorld.Read<RoomView>(reply).Version);
        }
    }
}
