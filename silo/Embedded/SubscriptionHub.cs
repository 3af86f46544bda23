using System.Collections.Concurrent;
using Evergrain.Contracts;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>Who listens to which entity. Outside the silos: a subscription outlives the entity's move. Safe from any thread.</summary>
internal sealed partial class SubscriptionHub(ILogger logger) : IEventSource
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
        foreach (var sink in listening)
        {
            try
            {
                sink.OnEvent(gameEvent);
            }
            catch (Exception thrown)
            {
                // It must not throw; that it did is no reason to keep the event from the others.
                Failed(logger, gameEvent.From, gameEvent.Name, gameEvent.Sequence, thrown);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A listener of {Entity} threw at event {Name}, number {Sequence}")]
    static partial void Failed(ILogger logger, EntityId entity, string name, long sequence, Exception thrown);

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
