using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>The live instance of an entity on one silo. Its gate lets one turn run at a time; all fields below are touched only by who holds
/// the gate, unless they say otherwise.</summary>
public sealed class EntityActivation
{
    static readonly TaskCompletionSource Completed = CreateCompleted();
    readonly TurnGate gate = new();
    TaskCompletionSource? gone; // made when somebody waits for the end
    long seenEpoch;
    EntityTurn? running;
    bool writeDemanded;

    internal EntityActivation(EntityId id, EntitySilo silo)
    {
        (Id, Silo) = (id, silo);
        Seed = silo.Ids.NextSeed();
        LastUsed = silo.Time.GetUtcNow().UtcTicks;
    }

    public EntityId Id { get; }
    internal EntitySilo Silo { get; }

    /// <summary>Null until it is loaded, and once it is gone.</summary>
    internal EntityState? State { get; set; }
    internal SliceSet? Slices { get; set; }

    /// <summary>The table that it was last reconciled with; the slices may have stayed behind if migration failed.</summary>
    internal ModuleTable? Table { get; set; }
    internal EntityRecord? Stored { get; set; }

    /// <summary>The slice states that <see cref="Stored"/> holds as bytes; null in place of one that it does not.</summary>
    internal object?[]? StoredStates { get; set; }

    /// <summary>Write ids of what stood here and was written without an answer since <see cref="Stored"/>: if one lands late, it is our own.</summary>
    internal List<Guid>? Unanswered { get; set; }
    internal CallError? Quarantine { get; set; }
    internal TrackedWorkSet? Work { get; set; }
    internal OutboxPump? Outbox { get; set; }
    internal ulong Seed { get; set; }

    /// <summary>Why its slices stayed behind at this table; null when they did not.</summary>
    internal string? LeftBehind { get; set; }

    /// <summary>It was asked to leave memory, and could not be written then.</summary>
    internal bool Leaving { get; set; }
    internal bool IsGone => Volatile.Read(ref gone) == Completed;

    /// <summary>Completes when the activation is gone.</summary>
    internal Task Gone
    {
        get
        {
            // Completed by the executor: continuations that run "asynchronously" would go to the thread pool, which is not ours to use.
            var waiting = Volatile.Read(ref gone) ?? Interlocked.CompareExchange(ref gone, new TaskCompletionSource(), null) ?? gone;
            return waiting.Task;
        }
    }

    /// <summary>UTC ticks of the last call or frame. Read from any thread.</summary>
    internal long LastUsed;

    /// <summary>UTC ticks at which the frame clock calls next; 0: never. Written by the clock only.</summary>
    internal long ClockDue;

    /// <summary>The highest epoch that its turns and tracked work have seen, through whatever they called. Safe from any thread.</summary>
    internal long SeenEpoch => Volatile.Read(ref seenEpoch);

    /// <summary>For inspection, from any thread.</summary>
    internal EntityTurn? Running => Volatile.Read(ref running);
    internal int Waiting => gate.Waiting;

    /// <summary>Nothing of the entity is known only here.</summary>
    internal bool IsStored => Stored is { } stored && State is { } state && ReferenceEquals(StoredStates, state.Slices) && ReferenceEquals(stored.Extras, state.Extras)
        && stored.Frames == state.Frames && stored.EventSequence == state.EventSequence && stored.Created == state.Created;

    /// <summary>One call. Null: this activation is gone, and the call has provably not started; route it again.</summary>
    /// <param name="inline">The call comes from outside any turn: it may run on its caller's thread.</param>
    internal ValueTask<CallReply?> Call(CallRequest request, bool inline)
    {
        // What is not in memory yet is loaded by a chore, while its calls wait and may be given up.
        var isLoaded = State is not null || Quarantine is not null;
        if (inline && isLoaded && gate.TryEnter()) return Inside(request);
        var pending = new PendingCall(this, request);
        switch (gate.Enqueue(pending, Silo.Options.MailboxBound, isLoaded ? Chores.None : Chores.Reconcile))
        {
            case Admission.Closed: return new((CallReply?)null);
            case Admission.Full: return new(CallReply.Failed(Errors.Overloaded(Id, Silo.Options.MailboxBound), Silo.Epoch));
            case Admission.QueuedAndEntered: Silo.Post(Drain); break;
        }
        pending.StartWaiting();
        return new(pending.Task);
    }

    /// <summary>Asks for a chore; it runs now if the gate is free, else between two turns.</summary>
    internal void Demand(Chores chores)
    {
        if (gate.Demand(chores)) Silo.Post(Drain);
    }

    /// <summary>Like <see cref="Demand"/>, but a chore that needs no waiting runs on the calling thread, which runs no turn.</summary>
    internal void DemandHere(Chores chores)
    {
        if (!gate.TryTake(chores, out var due)) return;
        var doing = EntityChores.Do(this, due);
        if (doing.IsCompletedSuccessfully) Leave();
        else _ = LeaveAfter(doing);
    }

    /// <summary>Its own turns changed it: it is written when the kind's durability says. Whether it wakes by itself is known within the interval under each.</summary>
    internal void Changed()
    {
        if (Slices is { Options.Durability: Durability.OnDeactivation } && (Stored is { NeedsWakeUp: true }) == State!.NeedsWakeUp) return;
        MarkDirty();
    }

    /// <summary>It is to be written within the interval.</summary>
    internal void MarkDirty()
    {
        if (writeDemanded) return;
        writeDemanded = true;
        Silo.WriteLater(this);
    }

    internal void MarkClean() => writeDemanded = false;

    internal void Begin(EntityTurn turn)
    {
        Volatile.Write(ref running, turn);
        Volatile.Write(ref LastUsed, turn.BeganTicks);
    }

    internal void End(EntityTurn turn)
    {
        turn.End();
        See(turn.SeenEpoch);
        Volatile.Write(ref running, null);
    }

    internal void See(long epoch)
    {
        for (var known = SeenEpoch; epoch > known; known = SeenEpoch)
            if (Interlocked.CompareExchange(ref seenEpoch, epoch, known) == known) return;
    }

    internal ulong NextSeed() => Seed = Seed * 6364136223846793005UL + 1442695040888963407UL;

    /// <summary>Nothing runs here any more, and nothing is written from here.</summary>
    /// <param name="answer">For the calls that wait; null: they are routed again.</param>
    internal void Retire(CallError? answer = null)
    {
        if (IsGone) return;
        var waiters = Interlocked.Exchange(ref gone, Completed);
        var left = gate.Close();
        Abandon();
        Silo.Clock.Remove(this);
        Slices?.Release();
        (State, Slices, Table, Stored, StoredStates) = (null, null, null, null, null);
        Silo.Removed(this);
        foreach (var waiting in left)
            if (waiting.TryBegin()) waiting.End(answer is null ? null : CallReply.Failed(answer, Silo.Epoch));
        if (waiters is not null) Silo.Post(waiters.SetResult);
    }

    /// <summary>What it does beside turns ends. Safe from any thread.</summary>
    internal void Abandon()
    {
        Work?.Cancel();
        Outbox?.Stop();
    }

    ValueTask<CallReply?> Inside(CallRequest request)
    {
        ValueTask<CallReply?> executing;
        try
        {
            executing = CallTurns.Execute(this, request);
        }
        catch (Exception thrown)
        {
            executing = new(Broken(request, thrown));
        }
        if (!executing.IsCompletedSuccessfully) return Waited(executing, request);
        Leave();
        return executing;
    }

    ValueTask<CallReply?> Waited(ValueTask<CallReply?> executing, CallRequest request)
    {
        var pending = new PendingCall(this, request);
        pending.TryBegin();
        pending.StartWaiting();
        _ = Finish();
        return new(pending.Task);

        async Task Finish()
        {
            pending.End(await Answered(executing, request));
            Leave();
        }
    }

    async ValueTask<CallReply?> Answered(ValueTask<CallReply?> executing, CallRequest request)
    {
        try
        {
            return await executing;
        }
        catch (Exception thrown)
        {
            return Broken(request, thrown);
        }
    }

    // A mistake of ours, or of a port that threw what it may not: the entity goes on with the state that it has.
    CallReply Broken(CallRequest request, Exception thrown)
    {
        if (Running is { } turn) End(turn);
        Silo.Log.Turn(TurnLogLevel.Error, Id, request.Operation, default, Silo.Epoch, thrown.ToString());
        return CallReply.Failed(Errors.Internal(request.Operation, thrown), Silo.Epoch);
    }

    async Task LeaveAfter(ValueTask doing)
    {
        await doing;
        Leave();
    }

    void Leave()
    {
        if (gate.Leave()) Silo.Post(Drain);
    }

    static TaskCompletionSource CreateCompleted()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    void Drain() => _ = DrainSome();

    // A bounded piece at a time, so that one busy entity does not keep a thread from the others.
    async Task DrainSome()
    {
        for (var i = 0; i < Silo.Options.TurnsPerDrain; i++)
        {
            if (!gate.Next(out var chores, out var call)) return;
            if (chores != Chores.None) await EntityChores.Do(this, chores);
            if (call is not null && call.TryBegin()) call.End(await Run(call.Request));
        }
        Leave();
    }

    ValueTask<CallReply?> Run(CallRequest request)
    {
        try
        {
            var executing = CallTurns.Execute(this, request);
            return executing.IsCompletedSuccessfully ? executing : Answered(executing, request);
        }
        catch (Exception thrown)
        {
            return new(Broken(request, thrown));
        }
    }
}
