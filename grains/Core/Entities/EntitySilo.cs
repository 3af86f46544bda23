using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Core.Frames;
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

    readonly ConcurrentDictionary<EntityId, EntityActivation> activations = new();
    readonly ConcurrentQueue<EntityActivation> dirty = new();
    readonly ITimer writing, idling;
    volatile bool serving, dead;

    public EntitySilo(EntitySiloPorts ports, EntitySiloOptions options)
    {
        (Id, Runtime, Store, Caller, Time, Executor, Ids, Options) = (ports.SiloId, ports.Modules, ports.Store, ports.Caller, ports.Time, ports.Executor, ports.Ids, options);
        (Publish, CatchUp) = (ports.Publish, ports.CatchUp);
        Log = new EntityLog(ports.Logger, Id);
        Instruments = ports.Instruments;
        Clock = new FrameClock(Time, activation => activation.DemandHere(Chores.Frames));
        writing = Time.CreateTimer(_ => InBatches(TakeDirty(), Chores.Write), null, options.WriteInterval, options.WriteInterval);
        idling = Time.CreateTimer(_ => InBatches(activations.Values, Chores.DeactivateIdle), null, options.IdleScan, options.IdleScan);
    }

    public string Id { get; }

    /// <summary>The epoch that the silo serves.</summary>
    public long Epoch => Runtime.Table.Epoch;

    public int Count => activations.Count;
    internal IModuleTables Runtime { get; }
    internal IEntityStore Store { get; }
    internal IEntityCaller Caller { get; }
    internal TimeProvider Time { get; }
    internal IExecutor Executor { get; }
    internal IIdSource Ids { get; }
    internal EntitySiloOptions Options { get; }
    internal Action<GameEvent> Publish { get; }
    internal Func<long, ValueTask<bool>> CatchUp { get; }
    internal EntityLog Log { get; }
    internal EntityInstruments Instruments { get; }
    internal FrameClock Clock { get; }
    internal long Incarnation => 0;

    /// <summary>The gate of the silo: closed until it is enrolled and has caught up.</summary>
    public void Open() => serving = true;

    /// <summary>One call of an entity that belongs here.</summary>
    public ValueTask<CallReply> Call(CallRequest request)
    {
        if (!serving || dead) return Answer(Errors.NotReady(Id));
        if (request.Chain is { } chain && (chain.Depth >= CallChain.MaxDepth || chain.Contains(request.Entity))) return Answer(Errors.Cycle(request.Entity, chain));
        var call = Find(request.Entity).Call(request, inline: request.Chain is null);
        return call.IsCompletedSuccessfully && call.Result is { } reply ? new(reply) : Await(request, call);
    }

    /// <summary>Another table serves: every entity is brought to it, in batches, so that old slots drain without waiting for calls.</summary>
    public void Sweep() => InBatches(activations.Values, Chores.Reconcile);

    /// <summary>Leaves in good order: nothing new starts, everything is written. Bounded by the caller's patience.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        serving = false;
        while (!activations.IsEmpty && !cancellation.IsCancellationRequested)
        {
            foreach (var activation in activations.Values) activation.Demand(Chores.Evict);
            await Task.Delay(TimeSpan.FromMilliseconds(20), Time, cancellation).ContinueWith(_ => { }, TaskScheduler.Current);
        }
        Dispose();
    }

    /// <summary>As if the process had died: nothing goes in or out, though tasks that run may run on.</summary>
    public void Kill()
    {
        (serving, dead) = (false, true);
        Dispose();
        foreach (var activation in activations.Values) activation.Work?.Cancel();
    }

    public EntityActivation? Active(EntityId id) => activations.GetValueOrDefault(id);
    public IEnumerable<EntityActivation> Activations => activations.Values;

    public IReadOnlyList<string> HoldersOf(ModuleSlot slot, int limit)
    {
        var holders = new List<string>();
        foreach (var activation in activations.Values)
        {
            if (holders.Count >= limit) break;
            if (activation.Work is { } work) holders.AddRange(work.List().Where(item => ReferenceEquals(item.Slot, slot)).Select(item => $"tracked work '{item.Name}' of {item.Operation} in {activation.Id}"));
            if (activation.Slices is { } slices && slices.Routes.Any(route => ReferenceEquals(route.Slot, slot)))
                holders.Add(activation.LeftBehind is { } why ? $"entity {activation.Id}: {why}" : $"entity {activation.Id}");
        }
        return holders;
    }

    public void Evict(ModuleSlot slot)
    {
        foreach (var activation in activations.Values)
            if (activation.Slices is { } slices && slices.Routes.Any(route => ReferenceEquals(route.Slot, slot))) activation.Demand(Chores.Evict);
    }

    public void Dispose()
    {
        writing.Dispose();
        idling.Dispose();
        Clock.Dispose();
    }

    internal void Post(Action work) => Executor.Post(work);
    internal void WriteLater(EntityActivation activation) => dirty.Enqueue(activation);
    internal void Removed(EntityActivation activation) => activations.TryRemove(KeyValuePair.Create(activation.Id, activation));
    internal ValueTask<ModuleSlot?> Migrator(SliceRecord written) => Runtime.Migrator(written);

    internal void MigrationFailed(EntityActivation activation, KindRoute route, string why)
    {
        Instruments.MigrationFailed(activation.Id.Kind);
        Log.Turn(TurnLogLevel.Error, activation.Id, "migration", route.Slices[0].Slot.Id, Epoch, why);
    }

    EntityActivation Find(EntityId id) =>
        activations.TryGetValue(id, out var found) ? found : activations.GetOrAdd(id, static (key, silo) => new EntityActivation(key, silo), this);

    async ValueTask<CallReply> Await(CallRequest request, ValueTask<CallReply?> call)
    {
        for (var i = 0; i < MaxRoutes; i++)
        {
            if (await call is { } reply) return reply;
            if (!serving || dead) break;
            call = Find(request.Entity).Call(request, inline: false);
        }
        return CallReply.Failed(Errors.NotReady(Id), Epoch);
    }

    ValueTask<CallReply> Answer(CallError error) => new(CallReply.Failed(error, Epoch));

    IEnumerable<EntityActivation> TakeDirty()
    {
        // Only as many as there are now: what becomes dirty meanwhile waits for the next round.
        for (var left = dirty.Count; left > 0 && dirty.TryDequeue(out var activation); left--) yield return activation;
    }

    void InBatches(IEnumerable<EntityActivation> which, Chores chores)
    {
        var rest = which.GetEnumerator();
        Post(Batch);

        void Batch()
        {
            var started = Time.GetTimestamp();
            while (!dead)
            {
                if (!rest.MoveNext())
                {
                    rest.Dispose();
                    return;
                }
                rest.Current.DemandHere(chores);
                if (Time.GetElapsedTime(started) < Options.BatchBudget) continue;
                Post(Batch);
                return;
            }
        }
    }
}
