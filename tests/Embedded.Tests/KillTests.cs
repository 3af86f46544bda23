using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class KillTests
{
    [Fact]
    public void The_ports_of_a_killed_silo_refuse_everything()
    {
        using var world = ClusterWorld.Serving(2);
        var room = world.On("s1", "room");
        world.Ok<RoomView>(room, "room.hit");
        var dead = world.Owner(room);
        var heard = new Heard();
        using var subscription = world.Cluster.Events.Subscribe(room, heard);
        world.Kill("s1");

        var into = world.Done(dead.Receive(new CallRequest { Entity = room, Operation = "room.hit" }).AsTask());
        var outOf = world.Done(dead.Call(new CallRequest { Entity = room, Operation = "room.hit" }).AsTask());
        Assert.Equal((ErrorCodes.SiloLost, Ran.No), (into.Error!.Code, into.Error.Ran));
        Assert.Equal((ErrorCodes.SiloLost, Ran.No), (outOf.Error!.Code, outOf.Error.Ran));
        dead.ReceiveHint();
        world.Done(dead.ReceiveRelease(room, CancellationToken.None).AsTask());
        world.Pass(TimeSpan.FromSeconds(10));
        Assert.Empty(heard.Events);
        Assert.Equal(0, dead.Entities.Count);
        Assert.DoesNotContain("s1", world.Cluster.Members.Select(silo => silo.Id));
    }

    [Fact]
    public void Callers_in_flight_are_told_at_once_that_nobody_knows_whether_it_ran_and_the_next_call_is_served_elsewhere()
    {
        using var world = ClusterWorld.Serving(2);
        var bank = world.On("s1", "bank");
        world.Ok<Balance>(bank, "bank.credit", new Amount(5));
        var call = world.Begin(bank, "bank.credit", new Amount(5)).AsTask();
        world.Thread.Between = () =>
        {
            if (world.Owner(bank).Entities.Active(bank) is not { } active || EntityInspection.View(active) is not { Running: not null }) return;
            world.Thread.Between = null;
            _ = world.Cluster.KillSilo("s1");
        };
        var began = world.Now;
        world.Done(call);

        Assert.Equal((ErrorCodes.SiloLost, Ran.Unknown), (call.Result.Error!.Code, call.Result.Error.Ran));
        Assert.Equal(began, world.Now);
        Assert.InRange(world.Ok<Balance>(bank, "bank.balance").Gold, 5, 10);
    }

    [Fact]
    public void What_was_acknowledged_before_the_reply_outlives_the_silo_and_an_interval_may_be_lost()
    {
        using var world = ClusterWorld.Serving(2);
        var (bank, room) = (world.On("s1", "bank"), world.On("s1", "room"));
        world.Ok<RoomView>(room, "room.hit");
        world.Pass(TimeSpan.FromSeconds(2));
        world.Ok<RoomView>(room, "room.hit");
        world.Ok<Balance>(bank, "bank.credit", new Amount(7));
        world.Kill("s1");

        Assert.Equal(7, world.Ok<Balance>(bank, "bank.balance").Gold);
        Assert.InRange(world.Ok<RoomView>(room, "room.look").Hits, 1, 2);
        Assert.Equal(["s0"], world.Homes(room));
    }

    [Fact]
    public void Running_rooms_and_open_sends_come_back_without_any_call()
    {
        using var world = ClusterWorld.Serving(2);
        var rooms = Enumerable.Range(0, 5).Select(i => world.On("s1", "room", i)).ToArray();
        foreach (var room in rooms) world.Ok<RoomView>(room, "room.open");
        var (from, to) = (world.On("s1", "bank"), world.On("s0", "bank"));
        world.Ok<Balance>(from, "bank.credit", new Amount(9));
        world.Pass(TimeSpan.FromSeconds(2));
        world.Entities.ReadTakes = id => id == to ? TimeSpan.FromSeconds(1) : TimeSpan.Zero;
        world.Ok<Balance>(from, "bank.transfer", new Transfer(to.Key, 9));
        world.Kill("s1");
        world.Pass(TimeSpan.FromSeconds(6));

        Assert.All(rooms, room => Assert.Equal(["s0"], world.Homes(room)));
        Assert.Equal(9, world.Ok<Balance>(to, "bank.balance").Gold);
        Assert.Equal(0, world.Ok<Balance>(from, "bank.balance").Gold);
        Assert.All(rooms, room => Assert.False(world.Ok<RoomView>(room, "room.look").Gap));
    }

    [Fact]
    public void A_slow_entity_of_the_wake_up_index_does_not_delay_the_others()
    {
        using var world = ClusterWorld.Serving(2);
        var rooms = Enumerable.Range(0, 20).Select(i => world.On("s1", "room", i)).ToArray();
        foreach (var room in rooms) world.Ok<RoomView>(room, "room.open");
        world.Pass(TimeSpan.FromSeconds(2));
        world.Entities.ReadTakes = id => id == rooms[3] || id == rooms[8] ? TimeSpan.FromSeconds(8) : TimeSpan.Zero;
        world.Kill("s1");
        world.Pass(TimeSpan.FromSeconds(1.5));

        Assert.Equal(18, rooms.Count(room => world.Owner(room).Entities.Active(room) is { } active && EntityInspection.View(active) is { FramesRunning: true }));
    }

    [Fact]
    public void A_killed_silo_gives_back_its_leases_and_lets_its_modules_go_long_before_the_drain_deadline()
    {
        using var world = ClusterWorld.Serving(2);
        for (var i = 0; i < 10; i++) world.Ok<RoomView>(world.On("s1", "room", i), "room.open");
        world.Ok<RoomView>(world.On("s1", "room"), "room.watch");
        Assert.Equal(4, world.Loader.Loaded.Count);
        world.Kill("s1");
        world.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(2, world.Loader.Loaded.Count);
    }

    [Fact]
    public void Killing_and_stopping_the_same_silo_ends_both()
    {
        using var world = ClusterWorld.Serving(3);
        for (var i = 0; i < 20; i++) world.Ok<RoomView>(new("room", $"room-{i}"), "room.hit");
        var stopping = world.Cluster.StopSilo("s1", default);
        var again = world.Cluster.StopSilo("s1", default);
        var killing = world.Cluster.KillSilo("s1");
        world.Done(stopping);
        world.Done(again);
        world.Done(killing);

        Assert.Equal(ErrorCodes.NotFound, Assert.Throws<FindingsException>(() => world.Kill("s1")).Code);
        Assert.Equal(2, world.Cluster.Members.Count);
    }

    [Theory]
    [InlineData(1, "s1")]
    [InlineData(2, "s2")]
    [InlineData(3, "s1", "s2")]
    [InlineData(4, "s2", "s1")]
    public void A_transfer_arrives_exactly_once_whatever_step_its_silos_die_at(int seed, params string[] victims)
    {
        // One more at each turn, until the transfer is over before the first of them dies.
        var killed = true;
        for (var step = 1; killed; step++) killed = TransferThroughDeath(seed, step, victims);
    }

    /// <returns>Whether a silo died before the transfer was known to have arrived.</returns>
    static bool TransferThroughDeath(int seed, int step, string[] victims)
    {
        using var world = ClusterWorld.Serving(3, seed, anyOrder: true);
        var (from, to) = (world.On("s1", "bank"), world.On("s2", "bank"));
        world.Ok<Balance>(from, "bank.credit", new Amount(100));
        var key = Guid.CreateVersion7(world.Now);
        var (left, next) = (step, 0);
        world.Thread.Between = () =>
        {
            if (next == victims.Length || --left > 0) return;
            left = 7;
            _ = world.Cluster.KillSilo(victims[next++]);
        };
        var reply = Retried(world, from, new Transfer(to.Key, 30), key);
        world.Until(() => Settled(world, from, to));
        world.Thread.Between = null;

        Assert.True(reply.Ok, $"step {step}: {reply.Error}");
        var (source, target) = (world.Ok<Balance>(from, "bank.balance"), world.Ok<Balance>(to, "bank.balance"));
        Assert.Equal((70, 1, 30), (source.Gold, source.Transfers, target.Gold));
        return next > 0;
    }

    // In the store: the sender's outbox is empty, and the target has something.
    static bool Settled(ClusterWorld world, EntityId from, EntityId to) =>
        world.Entities.Peek(from) is { NeedsWakeUp: false, Extras.LastSendNumber: > 0 } && world.Entities.Peek(to) is { Created: true };

    static CallReply Retried(ClusterWorld world, EntityId from, Transfer transfer, Guid key)
    {
        for (var attempt = 0; ; attempt++)
        {
            var reply = world.Call(from, "bank.transfer", transfer, key: key);
            if (reply.Ok || attempt == 20) return reply;
            world.Pass(TimeSpan.FromMilliseconds(200));
        }
    }
}
