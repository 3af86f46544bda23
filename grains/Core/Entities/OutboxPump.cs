using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>Delivers an entity's sends until each is known to have arrived. A send keeps its key, so however often it leaves, it arrives
/// once. Sends to one target leave in their order, one after another; one that the target refuses stays, lets the others pass, is tried
/// again ever more rarely, and is there for operators to see.</summary>
internal sealed class OutboxPump(EntityActivation activation)
{
    const int MaxInFlight = 16;
    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    // Shorter than a target remembers a key that was acknowledged: a pump that lost its entity without knowing it stops in time.
    static readonly TimeSpan LongestWaitAfterRefusal = TimeSpan.FromSeconds(30);

    readonly Dictionary<long, Delivery> deliveries = [];
    readonly List<OutboxEntry> settled = [];
    ITimer? retry;
    int inFlight;
    bool stopped;

    /// <summary>Starts what may start. Called inside the entity's gate.</summary>
    public void Pump()
    {
        if (activation.State is not { } state) return;
        var now = activation.Silo.Time.GetUtcNow();
        lock (deliveries)
        {
            if (stopped) return;
            HashSet<EntityId>? held = null;
            foreach (var entry in state.Extras.Outbox.Values)
            {
                if (inFlight >= MaxInFlight) break;
                if (!deliveries.TryGetValue(entry.Number, out var delivery)) deliveries[entry.Number] = delivery = new Delivery(entry);
                if (delivery.Arrived || held is not null && held.Contains(entry.To)) continue;
                if (!delivery.Refused) (held ??= []).Add(entry.To);
                if (delivery.InFlight || delivery.NotBefore > now) continue;
                delivery.InFlight = true;
                inFlight++;
                activation.Silo.Post(() => _ = Deliver(delivery));
            }
            WakeForRetries(now);
        }
    }

    /// <summary>Takes what has arrived out of the outbox. Called inside the entity's gate.</summary>
    public void Settle()
    {
        lock (deliveries)
        {
            var arrived = deliveries.Values.Where(delivery => delivery.Arrived).Select(delivery => delivery.Entry).ToArray();
            if (arrived.Length > 0 && activation.State is { } state)
            {
                activation.State = state with { Extras = state.Extras with { Outbox = state.Extras.Outbox.RemoveRange(arrived.Select(entry => entry.Number)) } };
                settled.AddRange(arrived);
                foreach (var entry in arrived) deliveries.Remove(entry.Number);
                activation.MarkDirty();
            }
        }
        Pump();
    }

    /// <summary>The record without the settled sends is stored: their targets may forget them.</summary>
    public void Written()
    {
        OutboxEntry[] known;
        lock (deliveries)
        {
            known = [.. settled];
            settled.Clear();
        }
        foreach (var target in known.GroupBy(entry => entry.To))
            activation.Silo.Post(() => _ = Acknowledge(target.Key, [.. target.Select(entry => entry.Key)]));
    }

    public (int Tries, string? LastError) Seen(long number)
    {
        lock (deliveries) return deliveries.TryGetValue(number, out var delivery) ? (delivery.Tries, delivery.LastError) : (0, null);
    }

    public void Stop()
    {
        lock (deliveries)
        {
            stopped = true;
            retry?.Dispose();
        }
    }

    async Task Deliver(Delivery delivery)
    {
        var entry = delivery.Entry;
        var reply = await activation.Silo.Caller.Call(new CallRequest
        {
            Entity = entry.To,
            Operation = entry.Operation,
            Arguments = entry.Arguments,
            Caller = activation.Id.ToString(),
            Key = entry.Key,
            Delivery = true,
            SeenEpoch = entry.Epoch,
        });
        lock (deliveries)
        {
            inFlight--;
            delivery.InFlight = false;
            delivery.Tries++;
            delivery.LastError = reply.Error is { } error ? $"{error.Code}: {error.Message}" : null;
            delivery.Arrived = reply.Ok;
            delivery.Refused = reply.Error is { } refusal && IsRefusal(refusal);
            if (!reply.Ok) delivery.NotBefore = activation.Silo.Time.GetUtcNow() + WaitAfter(delivery);
            if (stopped) return;
        }
        activation.Demand(Chores.Settle);
    }

    static TimeSpan WaitAfter(Delivery delivery)
    {
        var longest = delivery.Refused ? LongestWaitAfterRefusal : LongestWait;
        var wait = FirstWait * Math.Pow(2, Math.Min(delivery.Tries - 1, 16));
        return wait < longest ? wait : longest;
    }

    // Called with the lock held.
    void WakeForRetries(DateTimeOffset now)
    {
        var next = deliveries.Values.Where(delivery => !delivery.InFlight && !delivery.Arrived && delivery.NotBefore > now)
            .Select(delivery => (TimeSpan?)(delivery.NotBefore - now)).Min();
        if (next is not { } wait) return;
        if (retry is null) retry = activation.Silo.Time.CreateTimer(_ => activation.Demand(Chores.Settle), null, wait, Timeout.InfiniteTimeSpan);
        else retry.Change(wait, Timeout.InfiniteTimeSpan);
    }

    static bool IsRefusal(CallError error) => error.Code is ErrorCodes.Rejected or ErrorCodes.BadArguments or ErrorCodes.UnknownOperation
        or ErrorCodes.UnknownKind or ErrorCodes.ModuleFault or ErrorCodes.NoSuchEntity or ErrorCodes.Forbidden or ErrorCodes.KeyReused or ErrorCodes.KeyExpired
        or ErrorCodes.BadKey or ErrorCodes.EpochUnknown or ErrorCodes.EntityQuarantined or ErrorCodes.EffectsTooMany or ErrorCodes.ReplyTooLarge;

    async Task Acknowledge(EntityId target, Guid[] keys)
    {
        var bytes = new byte[16 * keys.Length];
        for (var i = 0; i < keys.Length; i++) keys[i].TryWriteBytes(bytes.AsSpan(16 * i), bigEndian: true, out _);
        // If it is lost, the target remembers the keys for a day: no harm.
        await activation.Silo.Caller.Call(new CallRequest { Entity = target, Operation = InternalOperations.Acknowledge, Arguments = bytes, Caller = activation.Id.ToString() });
    }

    sealed class Delivery(OutboxEntry entry)
    {
        public OutboxEntry Entry { get; } = entry;
        public int Tries;
        public bool InFlight, Arrived, Refused;
        public DateTimeOffset NotBefore;
        public string? LastError;
    }
}
