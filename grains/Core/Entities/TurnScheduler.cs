using Evergrain.Runtime;

namespace Evergrain.Core.Entities;

/// <summary>Runs what an awaiting handler goes on with, one piece at a time, so that a turn stays single-threaded whatever it awaits.
/// Closed with the turn: a handler that was given up never goes on.</summary>
internal sealed class TurnScheduler(IExecutor executor) : SynchronizationContext
{
    readonly Queue<(SendOrPostCallback Callback, object? State)> queue = new();
    bool running, closed;

    /// <summary>What a piece threw that belongs to no task, such as of an async void method: the turn fails with it.</summary>
    public Exception? Fault { get; private set; }

    public override void Post(SendOrPostCallback callback, object? state)
    {
        lock (queue)
        {
            if (closed) return;
            queue.Enqueue((callback, state));
            if (running) return;
            running = true;
        }
        executor.Post(Run);
    }

    public override void Send(SendOrPostCallback callback, object? state) =>
        throw new NotSupportedException("A turn is never entered from another thread: await instead.");

    public override SynchronizationContext CreateCopy() => this;

    public void Close()
    {
        lock (queue)
        {
            closed = true;
            queue.Clear();
        }
    }

    void Run()
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            while (Take(out var next)) Do(next.Callback, next.State);
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    void Do(SendOrPostCallback callback, object? state)
    {
        try
        {
            callback(state);
        }
        catch (Exception thrown)
        {
            Fault ??= thrown;
        }
    }

    bool Take(out (SendOrPostCallback Callback, object? State) next)
    {
        lock (queue) return running = queue.TryDequeue(out next);
    }
}
