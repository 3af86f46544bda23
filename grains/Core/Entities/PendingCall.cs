using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>A call whose caller waits: in the mailbox, or for a turn that does not end where it began. Its caller waits no longer than its
/// deadline: a call that waits in the mailbox then never runs, and one that has begun has a while to say what it came to.</summary>
internal sealed class PendingCall : TaskCompletionSource<CallReply?>
{
    // A turn is given up half a second after the deadline; what hangs longer is the store.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    const int Waiting = 0, Begun = 1, Ended = 2;

    readonly EntityActivation activation;
    int phase;
    ITimer? timer;

    public PendingCall(EntityActivation activation, CallRequest request) : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        this.activation = activation;
        Request = request.Deadline is null ? request with { Deadline = activation.Silo.Time.GetUtcNow() + CallRequest.DefaultDeadline } : request;
    }

    public CallRequest Request { get; }

    public void StartWaiting()
    {
        var left = Request.Deadline!.Value - activation.Silo.Time.GetUtcNow();
        // Stored before it can fire: it winds itself up again.
        var created = activation.Silo.Time.CreateTimer(static state => ((PendingCall)state!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref timer, created);
        if (Volatile.Read(ref phase) == Ended) created.Dispose();
        else created.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False when the caller waits no longer: it must not run.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref phase, Begun, Waiting) == Waiting;

    /// <param name="reply">Null: it provably did not start here; route it again.</param>
    public void End(CallReply? reply)
    {
        Volatile.Write(ref phase, Ended);
        Volatile.Read(ref timer)?.Dispose();
        TrySetResult(reply);
    }

    void Expire()
    {
        if (Interlocked.CompareExchange(ref phase, Ended, Waiting) == Waiting)
        {
            Volatile.Read(ref timer)?.Dispose();
            TrySetResult(CallReply.Failed(Errors.LateBeforeTurn(activation.Id, activation.Running?.Operation), activation.Silo.Epoch));
        }
        else if (activation.Silo.Time.GetUtcNow() >= Request.Deadline + Grace)
            TrySetResult(CallReply.Failed(Errors.NoAnswer(activation.Id, Request.Operation), activation.Silo.Epoch));
        else if (Volatile.Read(ref phase) == Begun) Volatile.Read(ref timer)?.Change(Grace, Timeout.InfiniteTimeSpan);
    }
}
