using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Frames;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>The entities of one silo, and what they share. The engine says which entities belong here. Safe from any thread.</summary>
public sealed class EntitySilo : ISlotHolders, IDisposable
{
    // A call that finds its activation going away is routed again; more often than this means that something is wrong.
    const int MaxRoutes = 16;

    // An entity that could not be written stays; it is asked to leave again after this time.
    static readonly TimeSpan ReleaseRetry = TimeSpan.FromMilliseconds(200);

    readonly ConcurrentDictionary<EntityId, EntityActivation> activations;
    readonly ConcurrentQueue<EntityActivation> dirty = new();
    readonly ConcurrentDictionary<RunningWork, long> working = new();
    readonly ConcurrentDictionary<IReadOnlyList<ModuleSlot>, string> lookingOn = new(ReferenceEqualityComparer.Instance);
    readonly ConcurrentDictionary<string, WeakReference<SliceSet>> shared = new();
    readonly ITimer writing, idling;
    readonly Func<long, ValueTask<CatchUpAnswer>> catchUp;
    readonly Func<long> incarnation;
    long lastWork;
    volatile bool serving, dead;

    public EntitySilo(EntitySiloPorts ports, EntitySiloOptions options)
    {
        (Id, Runtime, Store, Caller, Time, Executor, Ids, Options) = (ports.SiloId, ports.Modules, ports.Store, ports.Caller, ports.Time, ports.Executor, ports.Ids, options);
        (Publish, catchUp, BelongsHere, Claim, incarnation) = (ports.Publish, ports.CatchUp, ports.BelongsHere, ports.Claim, ports.Incarnation);
        // One lock, since the order follows from how many there are, too: as many as the machine has processors, by default.
        activations = ports.EntityHashing is { } hashing ? new(concurrencyLevel: 1, capacity: 31, hashing) : new();
        Log = new EntityLog(ports.Logger, Id, Time);
        Unawaited = new UnawaitedContext(Log);
        Instruments = ports.Instruments;
        Clock = new FrameClock(Time, options.FrameResolution, activation => activation.DemandHere(Chores.Frames));
        writing = Time.CreateTimer(_ => InBatches(TakeDirty(), Chores.Write), null, options.WriteInterval, options.WriteInterval);
        idling = Time.CreateTimer(_ => InBatches(Activations.Where(EntityChores.MayBeIdle), Chores.DeactivateIdle), null, options.IdleScan, options.IdleScan);
    }

    /// <summary>Brings an entity into memory and does what is due: for entities of the store's wake-up index.</summary>
    public const string WakeOperation = InternalOperations.Wake;

    public string Id { get; }

    /// <summary>The epoch that the silo serves.</summary>
    public long Epoch => Runtime.Table.Epoch;

    public int Count => activations.Count;
    internal bool IsDead => dead;
    internal IModuleTables Runtime { get; }
    internal IEntityStore Store { get; }
    internal IEntityCaller Caller { get; }
    internal TimeProvider Time { get; }
    internal IExecutor Executor { get; }
    internal IIdSource Ids { get; }
    internal EntitySiloOptions Options { get; }
    internal Action<GameEvent> Publish { get; }
    internal Func<EntityId, bool> BelongsHere { get; }
    internal Func<EntityId, CancellationToken, ValueTask> Claim { get; }
    internal EntityLog Log { get; }
    internal UnawaitedContext Unawaited { get; }
    internal EntityInstruments Instruments { get; }
    internal FrameClock Clock { get; }
    internal long Incarnation => incarnation();
    internal QuarantinedEntities Quarantined { get; } = new();

    /// <summary>The gate of the silo: closed until it is enrolled and has caught up.</summary>
    public void Open() => serving = true;

    /// <summary>One call of an entity that belongs here.</summary>
    public ValueTask<CallReply> Call(CallRequest request)
    {
        if (!serving || dead) return Answer(Errors.NotReady(Id));
        if (request.Chain is { } chain && (chain.Depth >= CallChain.MaxDepth || chain.Contains(request.Entity))) return Answer(Errors.Cycle(request.Entity, chain));
        if (request.SeenEpoch > Epoch) return CatchUpAndCall(request);
        if (Find(request.Entity) is not { } activation) return Answer(Errors.NotReady(Id));
        var call = activation.Call(request, inline: request.Chain is null);
        if (!call.IsCompletedSuccessfully) return Await(request, call);
        var reply = call.Result;
        return reply is null ? Await(request, default) : new(reply);
    }

    /// <summary>Another table serves: every entity is brought to it, in batches, so that old slots drain without waiting for calls.</summary>
    public void Sweep()
    {
        Quarantined.RemoveBefore(Epoch);
        new ChoreRound(this, Activations, Chores.Reconcile, Options.SweepPause, (int)(Count * (Options.SweepPause / Options.SweepTime))).Start();
    }

    /// <summary>Completes once the entity is not active here: another silo is about to activate it. Or once that silo does not want it any more.</summary>
    public async ValueTask Release(EntityId id, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && activations.TryGetValue(id, out var activation) && !dead)
        {
            activation.Demand(Chores.Evict);
            await activation.Gone.EndsWithin(ReleaseRetry, Time);
        }
    }

    /// <summary>Leaves in good order: nothing new starts, everything is written. Bounded by the caller's patience.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        serving = false;
        while (!activations.IsEmpty && !cancellation.IsCancellationRequested)
        {
            foreach (var activation in Activations) activation.Demand(Chores.Evict);
            foreach (var activation in Activations)
                if (cancellation.IsCancellationRequested || !await activation.Gone.EndsWithin(ReleaseRetry, Time)) break;
        }
        if (Activations.Count(activation => activation is { State: not null, IsStored: false }) is > 0 and var unwritten) Log.LeftUnwritten(unwritten);
        Abandon();
    }

    /// <summary>As if the process had died: nothing goes in or out, though tasks that run may run on.</summary>
    public void Kill()
    {
        serving = false;
        Abandon();
    }

    public EntityActivation? Active(EntityId id) => activations.GetValueOrDefault(id);

    /// <summary>A look that stops nobody; entities may come and go meanwhile.</summary>
    public IEnumerable<EntityActivation> Activations => activations.Select(pair => pair.Value);

    /// <summary>The entities that are active here, for listing.</summary>
    public IEnumerable<EntityRow> Rows(string? kind)
    {
        foreach (var activation in Activations)
            if ((kind is null || activation.Id.Kind == kind) && activation is { State.Created: true, Slices: { } slices })
                yield return new EntityRow(activation.Id, Id, activation.Table?.Epoch ?? 0, [.. slices.Routes.Select(route => route.Slot.Id.ToString())]);
    }

    /// <summary>The entities that could not be brought to the serving versions here, with why, in no order; see <see cref="QuarantinedEntities.Most"/>.</summary>
    public IEnumerable<KeyValuePair<EntityId, CallError>> QuarantinedHere() => Quarantined.All();

    /// <summary>Why this entity is quarantined here; null when it is not known to be.</summary>
    public CallError? WhyQuarantined(EntityId id) => Quarantined.Find(id);

    /// <summary>The entity's record is another one now, or gone: what is known of it here is forgotten. It leaves memory, and comes back when it is wanted.</summary>
    public async ValueTask Forget(EntityId id, CancellationToken cancellation)
    {
        Quarantined.Remove(id);
        await Release(id, cancellation);
    }

    public IReadOnlyList<string> HoldersOf(ModuleSlot slot, int limit)
    {
        // Work may outlive its activation.
        var holders = working.Where(pair => ReferenceEquals(pair.Key.Slot, slot)).OrderBy(pair => pair.Value).Take(limit)
            .Select(pair => $"tracked work '{pair.Key.Name}' of {pair.Key.Operation} in {pair.Key.Entity}").ToList();
        holders.AddRange(lookingOn.Where(pair => pair.Key.Contains(slot)).Select(pair => pair.Value).Order(StringComparer.Ordinal).Take(limit - holders.Count));
        foreach (var activation in Activations)
        {
            if (holders.Count >= limit) break;
            if (activation.Slices is { } slices && slices.Routes.Any(route => ReferenceEquals(route.Slot, slot)))
                holders.Add(activation.LeftBehind is { } why ? $"entity {activation.Id}: {why}" : $"entity {activation.Id}");
        }
        return holders;
    }

    public void Evict(ModuleSlot slot)
    {
        foreach (var activation in Activations)
            if (activation.Slices is { } slices && slices.Routes.Any(route => ReferenceEquals(route.Slot, slot))) activation.Demand(Chores.Evict);
    }

    public void Dispose()
    {
        writing.Dispose();
        idling.Dispose();
        Clock.Dispose();
    }

    internal void Post(Action work) => Executor.Post(work);
    internal void Began(RunningWork work) => working[work] = Interlocked.Increment(ref lastWork);

    /// <summary>Something beside turns holds leases of these slots; the list itself is its name.</summary>
    internal void Holds(IReadOnlyList<ModuleSlot> slots, string what) => lookingOn[slots] = what;
    internal void HoldsNoMore(IReadOnlyList<ModuleSlot> slots) => lookingOn.TryRemove(slots, out _);

    internal void Ended(RunningWork work) => working.TryRemove(work, out _);
    internal void WriteLater(EntityActivation activation) => dirty.Enqueue(activation);
    internal void Removed(EntityActivation activation) => activations.TryRemove(KeyValuePair.Create(activation.Id, activation));

    /// <summary>One set for all entities of a kind that have the same slots and nothing of their own beside them. Known weakly: a set that
    /// no entity has any more would keep its version's code alive.</summary>
    internal SliceSet Shared(string kind, SliceSet slices)
    {
        if (!slices.IsPlain) return slices;
        if (shared.TryGetValue(kind, out var last) && last.TryGetTarget(out var known) && known.Serves(slices.Options, slices.Routes, slices.Data)) return known;
        shared[kind] = new WeakReference<SliceSet>(slices);
        return slices;
    }

    internal void MigrationFailed(EntityActivation activation, KindRoute route, string why)
    {
        Instruments.MigrationFailed(activation.Id.Kind);
        Log.Turn(TurnLogLevel.Error, activation.Id, "migration", route.Slices[0].Slot.Id, Epoch, why);
    }

    /// <summary>Null when the silo is at the epoch or beyond it.</summary>
    internal async ValueTask<CallError?> CatchUp(long epoch) => await catchUp(epoch) switch
    {
        CatchUpAnswer.Reached => null,
        CatchUpAnswer.EpochUnknown => Errors.EpochUnknown(epoch, Epoch),
        CatchUpAnswer.NotReady => Errors.NotReady(Id),
        _ => Errors.StoreUnavailable(Ran.No, "the silo could not look up the release that its caller has seen."),
    };

    /// <summary>Null when the entity is not active here and does not belong here: its caller is to look again where it lives.</summary>
    EntityActivation? Find(EntityId id)
    {
        if (activations.TryGetValue(id, out var found)) return found;
        return BelongsHere(id) ? activations.GetOrAdd(id, static (key, silo) => new EntityActivation(key, silo), this) : null;
    }

    // Before the gate, so that an epoch from nowhere keeps nobody waiting but its caller.
    async ValueTask<CallReply> CatchUpAndCall(CallRequest request)
    {
        var timed = request.Deadline is null ? request with { Deadline = Time.GetUtcNow() + CallRequest.DefaultDeadline } : request;
        var catching = CatchUp(request.SeenEpoch).AsTask();
        var left = timed.Deadline!.Value - Time.GetUtcNow();
        if (left <= TimeSpan.Zero || !await catching.EndsWithin(left, Time)) return CallReply.Failed(Errors.LateBeforeTurn(request.Entity, null), Epoch);
        if (await catching is { } behind) return CallReply.Failed(behind, Epoch);
        return await Await(timed, default);
    }

    async ValueTask<CallReply> Await(CallRequest request, ValueTask<CallReply?> call)
    {
        for (var i = 0; i < MaxRoutes; i++)
        {
            if (await call is { } reply) return reply;
            if (!serving || dead || Find(request.Entity) is not { } activation) break;
            call = activation.Call(request, inline: false);
        }
        return CallReply.Failed(Errors.NotReady(Id), Epoch);
    }

    ValueTask<CallReply> Answer(CallError error) => new(CallReply.Failed(error, Epoch));

    IEnumerable<EntityActivation> TakeDirty()
    {
        // Only as many as there are now: what becomes dirty meanwhile waits for the next round.
        for (var left = dirty.Count; left > 0 && dirty.TryDequeue(out var activation); left--) yield return activation;
    }

    // What runs may run on, but nothing is begun here any more.
    void Abandon()
    {
        dead = true;
        Dispose();
        foreach (var activation in Activations)
        {
            activation.Abandon();
            activation.Demand(Chores.Evict); // its turn ends, and it gives its leases back
        }
    }

    void InBatches(IEnumerable<EntityActivation> which, Chores chores) => new ChoreRound(this, which, chores, TimeSpan.Zero, 1).Start();
}
