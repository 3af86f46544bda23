using System.Runtime.InteropServices;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>Who listens to which entity here, and what was heard last.</summary>
internal sealed class EventHub
{
    sealed class Ear
    {
        public EventSubscription[] Listeners = [];
        public long Last;
    }

    readonly Lock gate = new();
    readonly Dictionary<EntityId, Ear> ears = [];

    /// <returns>True when it is the first listener, so that the server must hear of it.</returns>
    public bool Add(EventSubscription listener)
    {
        lock (gate)
        {
            ref var ear = ref CollectionsMarshal.GetValueRefOrAddDefault(ears, listener.Entity, out var known);
            ear ??= new Ear();
            ear.Listeners = [.. ear.Listeners, listener];
            return !known;
        }
    }

    /// <returns>True when it was the last listener.</returns>
    public bool Remove(EventSubscription listener)
    {
        lock (gate)
        {
            if (!ears.TryGetValue(listener.Entity, out var ear)) return false;
            ear.Listeners = [.. ear.Listeners.Where(l => l != listener)];
            return ear.Listeners.Length == 0 && ears.Remove(listener.Entity);
        }
    }

    public void Heard(GameEvent happened)
    {
        EventSubscription[] listeners;
        EventGap? gap = null;
        lock (gate)
        {
            if (!ears.TryGetValue(happened.From, out var ear)) return;
            if (ear.Last > 0 && happened.Sequence > ear.Last + 1) gap = new EventGap(happened.From, ear.Last + 1, happened.Sequence - 1);
            ear.Last = happened.Sequence;
            listeners = ear.Listeners;
        }
        foreach (var listener in listeners)
        {
            if (gap is not null) listener.OnGap?.Invoke(gap);
            listener.OnEvent(happened);
        }
    }

    public void Missed(EventGap gap)
    {
        EventSubscription[] listeners;
        lock (gate)
        {
            if (!ears.TryGetValue(gap.From, out var ear)) return;
            ear.Last = gap.Last;
            listeners = ear.Listeners;
        }
        foreach (var listener in listeners) listener.OnGap?.Invoke(gap);
    }

    /// <summary>For a resume: each entity with the last sequence heard, 0 for none.</summary>
    public List<(EntityId Entity, long Last)> HeardSoFar()
    {
        lock (gate) return [.. ears.Select(e => (e.Key, e.Value.Last))];
    }

    public List<EntityId> Entities()
    {
        lock (gate) return [.. ears.Keys];
    }
}

/// <summary>Listens to one entity until it is disposed. Events come in order, on the thread that reads the socket.</summary>
public sealed class EventSubscription : IAsyncDisposable
{
    readonly Func<EventSubscription, ValueTask> end;

    internal EventSubscription(EntityId entity, Action<GameEvent> onEvent, Action<EventGap>? onGap, Func<EventSubscription, ValueTask> end) =>
        (Entity, OnEvent, OnGap, this.end) = (entity, onEvent, onGap, end);

    public EntityId Entity { get; }
    internal Action<GameEvent> OnEvent { get; }
    internal Action<EventGap>? OnGap { get; }

    public ValueTask DisposeAsync() => end(this);
}
