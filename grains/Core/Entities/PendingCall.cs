using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>A call that waits in the mailbox. Past its deadline it is given up, unless its turn has begun.</summary>
internal sealed class PendingCall(CallRequest request) : TaskCompletionSource<CallReply?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    const int Waiting = 0, Begun = 1, GivenUp = 2;
    int phase;
    ITimer? timer;

    public CallRequest Request { get; } = request;

    /// <summary>Ends the wait at the deadline with this error.</summary>
    public void ExpireAt(DateTimeOffset deadline, TimeProvider time, Func<CallReply> expired)
    {
        var due = deadline - time.GetUtcNow();
        var created = time.CreateTimer(_ => GiveUp(expired), null, due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        timer = created;
        if (Volatile.Read(ref phase) != Waiting) created.Dispose();
    }

    /// <summary>False when it was given up.</summary>
    public bool TryBegin()
    {
        if (Interlocked.CompareExchange(ref phase, Begun, Waiting) != Waiting) return false;
        Volatile.Read(ref timer)?.Dispose();
        return true;
    }

    void GiveUp(Func<CallReply> expired)
    {
        if (Interlocked.CompareExchange(ref phase, GivenUp, Waiting) == Waiting) TrySetResult(expired());
    }
}
