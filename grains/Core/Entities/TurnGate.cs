namespace Evergrain.Core.Entities;

/// <summary>Lets one turn run at a time, in order: calls first come, first served; chores of the entity itself (frames, reconciling,
/// writing) between two calls. Safe from any thread.</summary>
internal sealed class TurnGate
{
    // Bits of the state. Something waits only while somebody is inside, so that a gate that is free and open is 0: entering and leaving it
    // costs one instruction each, and no lock.
    const int Busy = 1, Waits = 2, Closed = 4;

    int state;
    Queue<PendingCall>? mailbox; // under the lock
    Chores due; // under the lock
    bool choreWasLast; // of who is inside

    public int Waiting
    {
        get { lock (this) return mailbox?.Count ?? 0; }
    }

    /// <summary>Enters when nobody is inside: the caller runs its turn and then leaves.</summary>
    public bool TryEnter() => Interlocked.CompareExchange(ref state, Busy, 0) == 0;

    /// <param name="first">Chores to be done before the call.</param>
    public Admission Enqueue(PendingCall call, int bound, Chores first)
    {
        lock (this)
        {
            if (IsClosed) return Admission.Closed;
            mailbox ??= new Queue<PendingCall>();
            if (mailbox.Count >= bound) return Admission.Full;
            mailbox.Enqueue(call);
            due |= first;
            return EnterOrWait() ? Admission.QueuedAndEntered : Admission.Queued;
        }
    }

    /// <summary>Asks for a chore. True when the gate was free and is now the caller's, to run what waits.</summary>
    public bool Demand(Chores chores)
    {
        lock (this)
        {
            if (IsClosed) return false;
            due |= chores;
            return EnterOrWait();
        }
    }

    /// <summary>Asks for a chore, to run it here. True when the gate was free and is now the caller's, with all chores that are due.</summary>
    public bool TryTake(Chores chores, out Chores all)
    {
        if (TryEnter())
        {
            (all, choreWasLast) = (chores, true);
            return true;
        }
        all = Chores.None;
        lock (this)
        {
            if (IsClosed) return false;
            due |= chores;
            if (!EnterOrWait()) return false;
            (all, due, choreWasLast) = (due, Chores.None, true);
            return true;
        }
    }

    /// <summary>True when something waits: the gate stays the caller's, to go on with it.</summary>
    public bool Leave()
    {
        if (Interlocked.CompareExchange(ref state, 0, Busy) == Busy) return false;
        lock (this)
        {
            if (!IsClosed && (due != Chores.None || mailbox is { Count: > 0 })) return true;
            Free();
            return false;
        }
    }

    /// <summary>What runs next; false when nothing waits and the gate is free again. Chores and calls take turns, so that neither starves.</summary>
    public bool Next(out Chores chores, out PendingCall? call)
    {
        lock (this)
        {
            (chores, call) = (Chores.None, null);
            var hasCall = mailbox is { Count: > 0 };
            if (!IsClosed && due != Chores.None && !(choreWasLast && hasCall))
            {
                (chores, due, choreWasLast) = (due, Chores.None, true);
                return true;
            }
            choreWasLast = false;
            if (hasCall) call = mailbox!.Dequeue();
            else Free();
            return hasCall;
        }
    }

    /// <summary>Nothing enters any more. The answer is what still waited, for another activation.</summary>
    public IReadOnlyCollection<PendingCall> Close()
    {
        lock (this)
        {
            Interlocked.Or(ref state, Closed);
            var left = mailbox;
            mailbox = null;
            return left is null ? [] : left;
        }
    }

    bool IsClosed => (Volatile.Read(ref state) & Closed) != 0;

    // True when the gate was free and is now the caller's.
    bool EnterOrWait() => (Interlocked.Or(ref state, Busy | Waits) & Busy) == 0;

    void Free() => Interlocked.And(ref state, Closed);
}

internal enum Admission { Queued, QueuedAndEntered, Full, Closed }

/// <summary>What an activation does beside calls, always alone in it.</summary>
[Flags]
internal enum Chores
{
    None = 0,

    /// <summary>Comes into memory and to the serving table.</summary>
    Reconcile = 1,
    Frames = 2,
    Write = 4,
    Settle = 8,
    DeactivateIdle = 16,
    Evict = 32,
}
