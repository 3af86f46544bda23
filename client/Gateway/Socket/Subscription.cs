using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>A session's ear at one entity: the last events, sent ones too, so that a resume can hear them again.
/// When the client is slow the oldest go, and it is told which. Guarded by the lock of its <see cref="Outbound"/>, but for the sink.</summary>
internal sealed class Subscription(EntityId entity, Outbound outbound, int capacity) : IEventSink, IDisposable
{
    GameEvent?[] kept = [];
    long arrived;
    long next;
    long? lastSent;
    long beforeFirst;
    IDisposable? source;
    volatile bool ended;

    public EntityId Entity => entity;

    /// <summary>It stands in the outbound's line of those with something to say.</summary>
    public bool Queued { get; set; }

    public void OnEvent(GameEvent gameEvent) => outbound.Offer(this, gameEvent);

    /// <summary>Ties the life of the engine's subscription to this one, also when this one has ended meanwhile.</summary>
    public void Bind(IDisposable engineSubscription)
    {
        Interlocked.Exchange(ref source, engineSubscription);
        if (ended) engineSubscription.Dispose();
    }

    public void Dispose()
    {
        ended = true;
        Interlocked.Exchange(ref source, null)?.Dispose();
    }

    /// <summary>False when the subscription has ended: late events fall away.</summary>
    public bool Keep(GameEvent gameEvent)
    {
        if (ended) return false;
        if (arrived >= kept.Length && kept.Length < capacity) Array.Resize(ref kept, Math.Min(capacity, Math.Max(4, kept.Length * 2)));
        if (arrived == 0) beforeFirst = gameEvent.Sequence - 1;
        ref var place = ref kept[arrived++ % kept.Length];
        if (next <= arrived - 1 - kept.Length)
        {
            // The oldest goes unsent; when nothing was sent before it, the gap begins with it.
            lastSent ??= place!.Sequence - 1;
            next = arrived - kept.Length;
        }
        place = gameEvent;
        return true;
    }

    /// <summary>What to send next: an event, or first the gap before it.</summary>
    public bool TryTake(out GameEvent? happened, out (long First, long Last) gap)
    {
        (happened, gap) = (null, default);
        if (next >= arrived || ended) return false;
        var candidate = kept[next % kept.Length]!;
        if (lastSent is { } last && candidate.Sequence > last + 1)
        {
            gap = (last + 1, candidate.Sequence - 1);
            lastSent = candidate.Sequence - 1;
            return true;
        }
        happened = candidate;
        lastSent = candidate.Sequence;
        next++;
        return true;
    }

    /// <summary>The client says what it heard last, 0 for nothing; whatever came after goes out again.</summary>
    public void Rewind(long after)
    {
        var oldest = Math.Max(0, arrived - kept.Length);
        next = arrived;
        while (next > oldest && kept[(next - 1) % kept.Length]!.Sequence > after) next--;
        lastSent = arrived == 0 ? null : Math.Max(after, beforeFirst);
    }
}
