using System.Net.WebSockets;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>What a session has to say, and the one writer that says it on whichever socket the session has now.</summary>
/// <remarks>
/// Messages (replies, acknowledgements, errors) are kept in order until they are sent, also while there is no socket; what bounds them is
/// the bound on calls in flight and that the receive loop stops reading past <see cref="IsFull"/>. Events wait in their subscriptions, which drop.
/// A reply is sent on the thread that brings it; an event, which comes from inside a turn, on a pool thread.
/// </remarks>
internal sealed class Outbound(TimeProvider time, int bound) : IThreadPoolWorkItem
{
    const int MaxInARow = 64;

    readonly Lock gate = new();
    readonly Queue<PooledMessage> messages = [];
    readonly Queue<Subscription> speaking = [];
    TaskCompletionSource? room;
    WebSocket? socket;
    bool writing;
    bool ended;
    long waitingSince;

    public bool IsFull => messages.Count > bound;

    public void Post(PooledMessage message)
    {
        if (Queue(message)) Write();
    }

    /// <summary>True when the caller must call <see cref="Write"/>, which it may do after letting go of its own lock.</summary>
    public bool Queue(PooledMessage message)
    {
        lock (gate)
        {
            if (ended)
            {
                message.Return();
                return false;
            }
            messages.Enqueue(message);
            if (writing || socket is null) return false;
            return writing = true;
        }
    }

    public void Offer(Subscription subscription, GameEvent happened)
    {
        lock (gate)
        {
            if (ended || !subscription.Keep(happened)) return;
            Line(subscription);
            if (writing || socket is null) return;
            writing = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public bool IsAttached
    {
        get { lock (gate) return socket is not null; }
    }

    /// <summary>Speaks to this socket from now on, after whatever waits.</summary>
    /// <param name="rewind">Subscriptions that say again what came after a sequence.</param>
    /// <returns>The socket that it spoke to before.</returns>
    public WebSocket? Attach(WebSocket next, IEnumerable<(Subscription Subscription, long After)> rewind, Func<PooledMessage> greeting)
    {
        WebSocket? before;
        lock (gate)
        {
            (before, socket) = (socket, next);
            foreach (var (subscription, after) in rewind)
            {
                subscription.Rewind(after);
                Line(subscription);
            }
            messages.Enqueue(greeting());
            if (writing) return before;
            writing = true;
        }
        Write();
        return before;
    }

    /// <summary>Says nothing more to this socket, if it is still the one.</summary>
    public bool Detach(WebSocket gone)
    {
        lock (gate)
        {
            if (socket != gone) return false;
            socket = null;
            Interlocked.Exchange(ref room, null)?.TrySetResult();
            return true;
        }
    }

    /// <summary>Waits until the client has read some of what waits for it, or is gone.</summary>
    public Task Room()
    {
        lock (gate)
        {
            if (!IsFull || socket is null) return Task.CompletedTask;
            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return room.Task;
        }
    }

    /// <summary>Cuts the connection of a client that has not read for too long.</summary>
    public bool CutIfStuck(TimeSpan patience)
    {
        var since = Volatile.Read(ref waitingSince);
        if (since == 0 || time.GetElapsedTime(since) < patience) return false;
        WebSocket? stuck;
        lock (gate) stuck = socket;
        stuck?.Abort();
        return stuck is not null;
    }

    public void End()
    {
        lock (gate)
        {
            ended = true;
            socket = null;
            speaking.Clear();
            // A message that is being sent still stands at the head; its writer returns it.
            if (writing) return;
            while (messages.TryDequeue(out var message)) message.Return();
        }
    }

    void IThreadPoolWorkItem.Execute() => Write();

    public void Write()
    {
        for (var said = 0; said < MaxInARow; said++)
        {
            if (!TryNext(out var item)) return;
            var message = item.Encode();
            var sending = Send(item.Target, message);
            if (!sending.IsCompletedSuccessfully)
            {
                _ = WriteOn(sending, message, item);
                return;
            }
            Sent(message, item, sending.Result);
        }
        // The thread that brought a reply has other work; a session that has much to say goes on elsewhere.
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    async Task WriteOn(ValueTask<bool> sending, PooledMessage message, Item item)
    {
        Volatile.Write(ref waitingSince, Math.Max(1, time.GetTimestamp()));
        var sent = await sending;
        Volatile.Write(ref waitingSince, 0);
        Sent(message, item, sent);
        Write();
    }

    static ValueTask<bool> Send(WebSocket target, PooledMessage message)
    {
        ValueTask sending;
        try
        {
            sending = target.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return new ValueTask<bool>(false);
        }
        if (!sending.IsCompletedSuccessfully) return Outcome(sending);
        sending.GetAwaiter().GetResult();
        return new ValueTask<bool>(true);
    }

    static async ValueTask<bool> Outcome(ValueTask sending)
    {
        try
        {
            await sending;
            return true;
        }
        catch (Exception exception) when (IsGone(exception))
        {
            return false;
        }
    }

    static bool IsGone(Exception exception) =>
        exception is WebSocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or IOException;

    /// <summary>Only the writer calls it, so the head stays the head until <see cref="Sent"/>.</summary>
    bool TryNext(out Item item)
    {
        lock (gate)
        {
            item = default;
            if (socket is not null)
            {
                item.Target = socket;
                if (messages.TryPeek(out item.Message)) return item.Kept = true;
                if (TryEvent(ref item)) return true;
            }
            writing = false;
            while (ended && messages.TryDequeue(out var left)) left.Return();
            return false;
        }
    }

    /// <summary>Subscriptions take turns, so that a loud entity does not drown the others.</summary>
    bool TryEvent(ref Item item)
    {
        while (speaking.TryDequeue(out var subscription))
        {
            if (subscription.TryTake(out item.Happened, out item.Gap))
            {
                item.Entity = subscription.Entity;
                speaking.Enqueue(subscription);
                return true;
            }
            subscription.Queued = false;
        }
        return false;
    }

    void Sent(PooledMessage message, in Item item, bool sent)
    {
        if (!sent) Detach(item.Target);
        lock (gate)
        {
            if (item.Kept && !sent) return;
            if (item.Kept) messages.Dequeue();
            message.Return();
            if (room is not null && messages.Count <= bound / 2) Interlocked.Exchange(ref room, null)?.TrySetResult();
        }
    }

    void Line(Subscription subscription)
    {
        if (subscription.Queued) return;
        subscription.Queued = true;
        speaking.Enqueue(subscription);
    }

    /// <summary>What the writer sends next. Events are encoded outside the lock, since turns wait for it.</summary>
    struct Item
    {
        public WebSocket Target;
        public PooledMessage Message;
        public bool Kept;
        public EntityId Entity;
        public GameEvent? Happened;
        public (long First, long Last) Gap;

        public readonly PooledMessage Encode() =>
            Kept ? Message : Happened is null ? ServerMessages.Gap(Entity, Gap.First, Gap.Last) : ServerMessages.Event(Happened);
    }
}
