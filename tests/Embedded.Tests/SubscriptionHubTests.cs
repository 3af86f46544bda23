using Evergrain.Contracts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evergrain.Embedded.Tests;

public sealed class SubscriptionHubTests
{
    static readonly EntityId Room = new("room", "one");

    [Fact]
    public void A_listener_that_throws_keeps_the_event_from_nobody()
    {
        var hub = new SubscriptionHub(NullLogger.Instance);
        var (first, last) = (new Listener(), new Listener());
        hub.Subscribe(Room, first);
        using var bad = hub.Subscribe(Room, new Bad());
        hub.Subscribe(Room, last);
        hub.Publish(new GameEvent(Room, 1, "told", default, default, 1));
        bad.Dispose();
        hub.Publish(new GameEvent(Room, 2, "told", default, default, 1));

        Assert.Equal([1L, 2L], first.Heard);
        Assert.Equal([1L, 2L], last.Heard);
    }

    sealed class Listener : IEventSink
    {
        public List<long> Heard { get; } = [];
        public void OnEvent(GameEvent gameEvent) => Heard.Add(gameEvent.Sequence);
    }

    sealed class Bad : IEventSink
    {
        public void OnEvent(GameEvent gameEvent) => throw new InvalidOperationException("a bad listener");
    }
}
