using System.Collections.Concurrent;
using Evergrain.Runtime;

namespace Evergrain.Host;

/// <summary>One thread for work that must not keep turns waiting: verifying, loading and compiling modules. However many silos prepare at
/// once, the other cores stay with the game. What the work awaits goes on here too. A thread that module code does not give back is
/// replaced, so that one bad package does not keep the next from being prepared.</summary>
internal sealed class BackgroundThread : SynchronizationContext, IExecutor
{
    const long StuckAfterMs = 8_000;
    readonly BlockingCollection<Action> queue = [];
    readonly string name;
    long busySince; // 0: idle, or given up on

    public BackgroundThread(string name)
    {
        this.name = name;
        Start();
    }

    public void Post(Action work)
    {
        queue.Add(work);
        var since = Interlocked.Read(ref busySince);
        if (since != 0 && Environment.TickCount64 - since > StuckAfterMs && Interlocked.CompareExchange(ref busySince, 0, since) == since) Start();
    }

    public override void Post(SendOrPostCallback callback, object? state) => Post(() => callback(state));
    public override void Send(SendOrPostCallback callback, object? state) => throw new NotSupportedException("Post instead: nothing waits for this thread.");
    public override SynchronizationContext CreateCopy() => this;

    void Start() => new Thread(Run) { IsBackground = true, Name = name }.Start();

    void Run()
    {
        SetSynchronizationContext(this);
        foreach (var work in queue.GetConsumingEnumerable())
        {
            Interlocked.Exchange(ref busySince, Environment.TickCount64);
            work();
            Interlocked.Exchange(ref busySince, 0);
        }
    }
}
