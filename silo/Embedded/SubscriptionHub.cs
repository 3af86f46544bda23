using System.Collections.Concurrent;
using Evergrain.Contracts;

namespace Evergrain.Embedded;

/// <summary>Who listens to which entity. Outside the silos: a subscription outlives the entity's move. Safe from any thread.</summary>
internal sealed class SubscriptionHub : IEventSource
{
    readonly ConcurrentDictionary<EntityId, IEventSink[]> sinks = new();

    public IDisposable Subscribe(EntityId entity, IEventSink sink)
    {
        sinks.AddOrUpdate(entity, static (_, added) => [added], static (_, before, added) => [.. before, added], sink);
        return new Subscription(this, entity, sink);
    }

    public void Publish(GameEvent gameEvent)
    {
        if (!sinks.TryGetValue(gameEvent.From, out var listening)) return;
        foreach (var sink in listening) sink.OnEvent(gameEvent);
    }

    void Remove(EntityId entity, IEventSink sink)
    {
        while (sinks.TryGetValue(entity, out var before))
        {
            var index = Array.IndexOf(before, sink);
            if (index < 0) return;
            var after = before.Where((_, i) => i != index).ToArray();
            if (after.Length == 0 ? sinks.TryRemove(KeyValuePair.Create(entity, before)) : sinks.TryUpdate(entity, after, before)) return;
        }
    }

    sealed class Subscription(SubscriptionHub hub, EntityId entity, IEventSink sink) : IDisposable
    {
        int disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 0) hub.Remove(entity, sink);
        }
    }
}
