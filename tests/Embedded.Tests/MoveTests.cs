using Evergrain.Contracts;
using Evergrain.Embedded.Tests.Game;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class MoveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Entities_move_to_a_joining_silo_with_what_was_not_written_yet(int seed)
    {
        using var world = ClusterWorld.Serving(2, seed, anyOrder: true);
        var rooms = Enumerable.Range(0, 30).Select(i => new EntityId("room", $"room-{i}")).ToArray();
        foreach (var room in rooms)
            for (var i = 0; i < 3; i++) world.Ok<RoomView>(room, "room.hit");
        Assert.Contains(rooms, room => world.Done(world.Entities.Read(room).AsTask()) is null);

        world.Join("s2");
        var moved = rooms.Where(room => world.Owner(room).Id == "s2").ToArray();
        Assert.NotEmpty(moved);
        foreach (var room in rooms)
        {
            Assert.Equal(4, world.Ok<RoomView>(room, "room.hit").Hits);
            Assert.Equal([world.Owner(room).Id], world.Homes(room));
        }
    }

    [Fact]
    public void A_room_that_runs_moves_without_a_call_and_its_frames_have_no_gap()
    {
        using var world = ClusterWorld.Serving(1);
        var rooms = Enumerable.Range(0, 10).Select(i => new EntityId("room", $"room-{i}")).ToArray();
        foreach (var room in rooms) world.Ok<RoomView>(room, "room.open");
        var opened = world.Now;
        world.Pass(TimeSpan.FromSeconds(3));
        world.Join("s1");
        world.Pass(TimeSpan.FromSeconds(3));

        Assert.Contains(rooms, room => world.Homes(room) is ["s1"]);
        foreach (var room in rooms)
        {
            Assert.Equal([world.Owner(room).Id], world.Homes(room));
            var view = world.Ok<RoomView>(room, "room.look");
            Assert.False(view.Gap);
            Assert.InRange(view.Frames - (world.Now - opened).TotalSeconds * 20, -2, 2);
        }
    }

    [Fact]
    public void A_subscription_outlives_the_move_and_its_events_come_in_order()
    {
        using var world = ClusterWorld.Serving(2);
        var room = Enumerable.Range(0, 100).Select(i => new EntityId("room", $"room-{i}")).First(id => world.Owner(id).Id == "s1");
        var heard = new Heard();
        using var subscription = world.Cluster.Events.Subscribe(room, heard);
        for (var i = 0; i < 5; i++) world.Ok<RoomView>(room, "room.hit");
        world.Done(world.Cluster.StopSilo("s1", default));
        for (var i = 0; i < 5; i++) world.Ok<RoomView>(room, "room.hit");
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), heard.Sequences);

        subscription.Dispose();
        world.Ok<RoomView>(room, "room.hit");
        Assert.Equal(10, heard.Sequences.Count);
    }

    [Fact]
    public void A_silo_that_leaves_in_good_order_writes_everything_and_loses_no_call()
    {
        using var world = ClusterWorld.Serving(3);
        var rooms = Enumerable.Range(0, 20).Select(i => new EntityId("room", $"room-{i}")).ToArray();
        foreach (var room in rooms) world.Ok<RoomView>(room, "room.hit");
        var stopping = world.Cluster.StopSilo("s1", default);
        var calls = rooms.Select(room => world.Begin(room, "room.hit").AsTask()).ToArray();
        world.Done(stopping);
        foreach (var call in calls) world.Done(call);

        Assert.All(calls, call => Assert.Equal(2, ClusterWorld.Read<RoomView>(call.Result).Hits));
        Assert.Equal(["s0", "s2"], world.Records.Last.Silos.Select(silo => silo.Id));
        Assert.Equal(["s0", "s2"], world.Cluster.Members.Select(silo => silo.Id));
    }

    [Fact]
    public void An_idle_entity_leaves_memory_and_comes_back_as_it_was()
    {
        using var world = ClusterWorld.Serving(1);
        var (idle, running) = (new EntityId("room", "idle"), new EntityId("room", "running"));
        world.Ok<RoomView>(idle, "room.hit");
        world.Ok<RoomView>(running, "room.open");
        world.Pass(TimeSpan.FromSeconds(50));

        Assert.Empty(world.Homes(idle));
        Assert.Equal(["s0"], world.Homes(running));
        Assert.Equal(2, world.Ok<RoomView>(idle, "room.hit").Hits);
    }
}

internal sealed class Heard : IEventSink
{
    public List<GameEvent> Events { get; } = [];
    public IReadOnlyList<long> Sequences => [.. Events.Select(gameEvent => gameEvent.Sequence)];
    public void OnEvent(GameEvent gameEvent) => Events.Add(gameEvent);
}
