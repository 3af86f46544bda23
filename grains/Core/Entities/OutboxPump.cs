using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>Delivers an entity's sends until each is known to have arrived. A send keeps its key, so however often it leaves, it arrives
/// once; one that the target refuses stays, is tried again ever more rarely, and is there for operators to see.</summary>
internal sealed class OutboxPump(EntityActivation activation)
{
    const int MaxInFlight = 16;
    static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan LongestWaitAfterRefusal = TimeSpan.FromSeconds(60);

    readonly Dictionary<Guid, Delivery> deliveries = [];
    readonly List<OutboxEntry> arrived = [];
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
            foreach (var entry in state.Extras.Outbox.Values)
            {
                if (stopped || inFlight >= MaxInFlight) return;
                if (!deliveries.TryGetValue(entry.Key, out var delivery)) deliveries[entry.Key] = delivery = new Delivery(entry);
                if (delivery.InFlight || delivery.NotBefore > now || arrived.Contains(entry)) continue;
                delivery.InFlight = true;
                inFlight++;
                activation.Silo.Post(() => _ = Deliver(delivery));
            }
        }
    }

    /// <summary>Takes what has arrived out of the outbox. Called inside the entity's gate.</summary>
    public void Settle()
    {
        lock (deliveries)
        {
            if (arrived.Count > 0 && activation.State is { } state)
            {
                activation.State = state with { Extras = state.Extras with { Outbox = state.Extras.Outbox.RemoveRange(arrived.Select(entry => entry.Key)) } };
                settled.AddRange(arrived);
                arrived.Clear();
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
        foreach (var target in known.GroupBy(entry => entry.To)) _ = Acknowledge(target.Key, [.. target.Select(entry => entry.Key)]);
    }

    public (int Tries, string? LastError) Seen(Guid key)
    {
        lock (deliveries) return deliveries.TryGetValue(key, out var delivery) ? (delivery.Tries, delivery.LastError) : (0, null);
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
            delivery.InFlight = false;
            delivery.Tries++;
            delivery.LastError = reply.Error?.ToString();
            inFlight--;
            if (stopped) return;
            if (reply.Ok)
            {
                deliveries.Remove(entry.Key);
                arrived.Add(entry);
            }
            else Wait(delivery, reply.Error!);
        }
        if (reply.Ok) activation.Demand(Chores.Settle);
    }

    // Called with the lock held.
    void Wait(Delivery delivery, CallError error)
    {
        var longest = IsRefusal(error) ? LongestWaitAfterRefusal : LongestWait;
        var wait = FirstWait * Math.Pow(2, Math.Min(delivery.Tries, 16));
        if (wait > longest) wait = longest;
        delivery.NotBefore = activation.Silo.Time.GetUtcNow() + wait;
        retry?.Dispose();
        var next = deliveries.Values.Where(other => !other.InFlight).Min(other => other.NotBefore) - activation.Silo.Time.GetUtcNow();
        retry = activation.Silo.Time.CreateTimer(_ => activation.Demand(Chores.Settle), null, next > TimeSpan.Zero ? next : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    static bool IsRefusal(CallError error) => error.Code is ErrorCodes.Rejected or ErrorCodes.BadArguments or ErrorCodes.UnknownOperation
        or ErrorCodes.UnknownKind or ErrorCodes.ModuleFault or ErrorCodes.NoSuchEntity or ErrorCodes.Forbidden or ErrorCodes.KeyReused or ErrorCodes.KeyExpired;

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
        public bool InFlight;
        public DateTimeOffset NotBefore;
        public string? LastError;
    }
}
