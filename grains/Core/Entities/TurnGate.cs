namespace Evergrain.Core.Entities;

/// <summary>Lets one turn run at a time, in order: calls first come, first served; chores of the entity itself (frames, reconciling,
/// writing) between two calls. Safe from any thread.</summary>
internal sealed class TurnGate
{
    Queue<PendingCall>? mailbox;
    Chores due;
    bool busy, closed, choreWasLast;

    public int Waiting
    {
        get { lock (this) return mailbox?.Count ?? 0; }
    }

    /// <summary>Enters when nobody is inside: the caller runs its turn and then leaves.</summary>
    public bool TryEnter()
    {
        lock (this)
        {
            if (busy || closed) return false;
            return busy = true;
        }
    }

    /// <param name="first">Chores to be done before the call.</param>
    public Admission Enqueue(PendingCall call, int bound, Chores first)
    {
        lock (this)
        {
            if (closed) return Admission.Closed;
            mailbox ??= new Queue<PendingCall>();
            if (mailbox.Count >= bound) return Admission.Full;
            mailbox.Enqueue(call);
            due |= first;
            if (busy) return Admission.Queued;
            busy = true;
            return Admission.QueuedAndEntered;
        }
    }

    /// <summary>Asks for a chore. True when the gate was free and is now the caller's, to run what waits.</summary>
    public bool Demand(Chores chores)
    {
        lock (this)
        {
            if (closed) return false;
            due |= chores;
            if (busy) return false;
            return busy = true;
        }
    }

    /// <summary>Asks for a chore, to run it here. True when the gate was free and is now the caller's, with all chores that are due.</summary>
    public bool TryTake(Chores chores, out Chores all)
    {
        lock (this)
        {
            all = Chores.None;
            if (closed) return false;
            due |= chores;
            if (busy) return false;
            (all, due, choreWasLast) = (due, Chores.None, true);
            return busy = true;
        }
    }

    /// <summary>True when something waits: the gate stays the caller's, to go on with it.</summary>
    public bool Leave()
    {
        lock (this)
        {
            if (!closed && (due != Chores.None || mailbox is { Count: > 0 })) return true;
            busy = false;
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
            if (!closed && due != Chores.None && !(choreWasLast && hasCall))
            {
                (chores, due, choreWasLast) = (due, Chores.None, true);
                return true;
            }
            choreWasLast = false;
            if (hasCall) call = mailbox!.Dequeue();
            else busy = false;
            return hasCall;
        }
    }

    /// <summary>Nothing enters any more. The answer is what still waited, for another activation.</summary>
    public IReadOnlyCollection<PendingCall> Close()
    {
        lock (this)
        {
            closed = true;
            var left = mailbox;
            mailbox = null;
            return left is null ? [] : left;
        }
    }
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
