using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>The live instance of an entity on one silo. Its gate lets one turn run at a time; all fields below are touched only by who holds
/// the gate, unless they say otherwise.</summary>
public sealed class EntityActivation
{
    static readonly TaskCompletionSource Completed = CreateCompleted();
    readonly TurnGate gate = new();
    TaskCompletionSource? gone; // made when somebody waits for the end
    EntityTurn? running;
    bool writeDemanded;

    internal EntityActivation(EntityId id, EntitySilo silo)
    {
        (Id, Silo) = (id, silo);
        Seed = silo.Ids.NextSeed();
        LastUsed = silo.Time.GetTimestamp();
    }

    public EntityId Id { get; }
    internal EntitySilo Silo { get; }

    /// <summary>Null until it is loaded.</summary>
    internal EntityState? State { get; set; }
    internal SliceSet? Slices { get; set; }

    /// <summary>The table that it was last reconciled with; the slices may have stayed behind if migration failed.</summary>
    internal ModuleTable? Table { get; set; }
    internal EntityRecord? Stored { get; set; }

    /// <summary>The slice states that <see cref="Stored"/> holds as bytes.</summary>
    internal object[]? StoredStates { get; set; }
    internal CallError? Quarantine { get; set; }
    internal TrackedWorkSet? Work { get; set; }
    internal OutboxPump? Outbox { get; set; }
    internal ulong Seed { get; set; }

    /// <summary>Why its slices stayed behind at this table; null when they did not.</summary>
    internal string? LeftBehind { get; set; }
    internal bool IsGone => gone == Completed;

    /// <summary>Completes when the activation is gone.</summary>
    internal Task Gone
    {
        get
        {
            var waiting = Volatile.Read(ref gone) ?? Interlocked.CompareExchange(ref gone, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null) ?? gone;
            return waiting.Task;
        }
    }

    /// <summary>Timestamp of the last call or frame. Read from any thread.</summary>
    internal long LastUsed;

    /// <summary>UTC ticks at which the frame clock calls next; 0: never. Guarded by the clock.</summary>
    internal long ClockDue;

    /// <summary>For inspection, from any thread.</summary>
    internal EntityTurn? Running => Volatile.Read(ref running);
    internal int Waiting => gate.Waiting;

    /// <summary>One call. Null: this activation is gone, and the call has provably not started; route it again.</summary>
    /// <param name="inline">The call comes from outside any turn: it may run on its caller's thread.</param>
    internal ValueTask<CallReply?> Call(CallRequest request, bool inline)
    {
        if (inline && gate.TryEnter()) return Inside(request);
        var pending = new PendingCall(request);
        switch (gate.Enqueue(pending, Silo.Options.MailboxBound))
        {
            case Admission.Closed: return new((CallReply?)null);
            case Admission.Full: return new(CallReply.Failed(Errors.Overloaded(Id, Silo.Options.MailboxBound), Silo.Epoch));
            case Admission.QueuedAndEntered: Silo.Post(Drain); break;
        }
        pending.ExpireAt(request.Deadline ?? Silo.Time.GetUtcNow() + CallRequest.DefaultDeadline, Silo.Time,
            () => CallReply.Failed(Errors.LateBeforeTurn(Id, Running?.Operation), Silo.Epoch));
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
        if (!gate.Demand(chores)) return;
        if (!gate.Next(out var due, out _)) return;
        var doing = EntityChores.Do(this, due);
        if (doing.IsCompletedSuccessfully) Leave();
        else _ = LeaveAfter(doing);
    }

    /// <summary>The state differs from the stored one: it is written within the interval.</summary>
    internal void MarkDirty()
    {
        if (writeDemanded) return;
        writeDemanded = true;
        Silo.WriteLater(this);
    }

    internal void MarkClean() => writeDemanded = false;
    internal bool IsDirty => writeDemanded;

    /// <summary>Another activation owns the entity, or nobody knows what is stored: nothing more is written from here.</summary>
    internal void GiveUp() => Retire();

    internal void Begin(EntityTurn turn)
    {
        Volatile.Write(ref running, turn);
        LastUsed = Silo.Time.GetTimestamp();
    }

    internal void End(EntityTurn turn)
    {
        turn.End();
        Volatile.Write(ref running, null);
    }

    internal ulong NextSeed() => Seed = Seed * 6364136223846793005UL + 1442695040888963407UL;

    /// <summary>Nothing runs here any more; calls that waited are routed again.</summary>
    internal void Retire()
    {
        if (IsGone) return;
        var waiters = Interlocked.Exchange(ref gone, Completed);
        foreach (var waiting in gate.Close())
            if (waiting.TryBegin()) waiting.TrySetResult(null);
        Work?.Cancel();
        Outbox?.Stop();
        Silo.Clock.Remove(this);
        Slices?.Release();
        (State, Slices, Table, Stored, StoredStates) = (null, null, null, null, null);
        Silo.Removed(this);
        waiters?.TrySetResult();
    }

    ValueTask<CallReply?> Inside(CallRequest request)
    {
        var executing = CallTurns.Execute(this, request);
        if (!executing.IsCompletedSuccessfully) return LeaveAfter(executing);
        Leave();
        return executing;
    }

    async ValueTask<CallReply?> LeaveAfter(ValueTask<CallReply?> executing)
    {
        try
        {
            return await executing;
        }
        finally
        {
            Leave();
        }
    }

    async Task LeaveAfter(ValueTask doing)
    {
        try
        {
            await doing;
        }
        finally
        {
            Leave();
        }
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
            if (call is not null && call.TryBegin()) call.TrySetResult(await CallTurns.Execute(this, call.Request));
        }
        Leave();
    }
}
