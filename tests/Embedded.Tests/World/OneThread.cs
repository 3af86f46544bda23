using System.Collections.Concurrent;
using System.Diagnostics;
using Evergrain.Core.Tests.Time;
using Evergrain.Runtime;

namespace Evergrain.Embedded.Tests.World;

/// <summary>The one thread of a run: what is posted, and what awaits go on with, waits here until the test steps it. Whoever comes from
/// another thread is written down with its stack; the run goes on, and fails at its end.</summary>
internal sealed class OneThread : SynchronizationContext, IExecutor
{
    readonly int owner = Environment.CurrentManagedThreadId;
    readonly StepExecutor steps;
    readonly ConcurrentQueue<Action> strays = new();

    public OneThread(Random? order) => steps = new StepExecutor(order);

    public ConcurrentQueue<string> Breaches { get; } = new();
    public long Steps { get; private set; }

    /// <summary>Called between two steps.</summary>
    public Action? Between { get; set; }

    public void Check(string what)
    {
        if (Environment.CurrentManagedThreadId != owner) Breaches.Enqueue($"{what} on another thread: {new StackTrace()}");
    }

    public void Post(Action work)
    {
        if (Environment.CurrentManagedThreadId == owner)
        {
            steps.Post(work);
            return;
        }
        Check("Post");
        strays.Enqueue(work);
    }

    public override void Post(SendOrPostCallback callback, object? state) => Post(() => callback(state));
    public override void Send(SendOrPostCallback callback, object? state) => throw new NotSupportedException("Nothing waits for this thread.");
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Completes at a later step, so that other things happen meanwhile.</summary>
    public Task Step()
    {
        var step = new TaskCompletionSource();
        Post(() => step.SetResult());
        return step.Task;
    }

    public void Drain(int limit = 2_000_000)
    {
        while (RunNext())
            if (--limit < 0) throw new InvalidOperationException("Work goes on posting work.");
    }

    bool RunNext()
    {
        while (strays.TryDequeue(out var stray)) steps.Post(stray);
        if (!steps.Step()) return false;
        Steps++;
        Between?.Invoke();
        return true;
    }
}
