using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Runs one thing at a time on the injected executor, awaits' continuations included, so that a shell around a pure core needs no
/// locks and a simulator decides the order.</summary>
internal sealed class SerialContext(IExecutor executor) : SynchronizationContext
{
    readonly Queue<(SendOrPostCallback Callback, object? State)> waiting = new();
    bool scheduled;

    public override void Post(SendOrPostCallback callback, object? state)
    {
        lock (waiting)
        {
            waiting.Enqueue((callback, state));
            if (scheduled) return;
            scheduled = true;
        }
        executor.Post(RunNext);
    }

    public override SynchronizationContext CreateCopy() => this;

    void RunNext()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (waiting) next = waiting.Dequeue();
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            next.Callback(next.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
            Continue();
        }
    }

    void Continue()
    {
        lock (waiting)
        {
            scheduled = waiting.Count > 0;
            if (!scheduled) return;
        }
        executor.Post(RunNext);
    }
}
