using System.Threading.Tasks.Sources;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>A request that waits for its reply. Used again once its reply was taken.</summary>
internal sealed class PendingCall(CallTable table, bool inlineCompletions) : IValueTaskSource<CallReply>
{
    ManualResetValueTaskSourceCore<CallReply> source = new() { RunContinuationsAsynchronously = !inlineCompletions };

    public long Id;
    public OutgoingMessage Message = null!;
    /// <summary>Sending it again does no harm: it has a key, or is no call.</summary>
    public bool Repeatable;
    public int Sent;
    /// <summary>On the socket's clock.</summary>
    public long StartedAt;
    public TimeSpan GivenUpAfter;

    public ValueTask<CallReply> Task => new(this, source.Version);

    public void Complete(CallReply reply) => source.SetResult(reply);

    CallReply IValueTaskSource<CallReply>.GetResult(short token)
    {
        var reply = source.GetResult(token);
        source.Reset();
        table.Spare(this);
        return reply;
    }

    ValueTaskSourceStatus IValueTaskSource<CallReply>.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource<CallReply>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
