using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Embedded;

/// <summary>Tells operators who listen what happens. Each has a bounded queue, which drops the oldest. Safe from any thread.</summary>
internal sealed class OpsEventHub
{
    ImmutableArray<Listener> listeners = [];

    public void Tell(OpsEvent happened)
    {
        foreach (var listener in listeners) listener.Tell(happened);
    }

    public async IAsyncEnumerable<OpsEvent> Listen([EnumeratorCancellation] CancellationToken cancellation)
    {
        var listener = new Listener();
        ImmutableInterlocked.Update(ref listeners, static (all, added) => all.Add(added), listener);
        try
        {
            while (true) yield return await listener.Next(cancellation);
        }
        finally
        {
            ImmutableInterlocked.Update(ref listeners, static (all, gone) => all.Remove(gone), listener);
        }
    }

    // No channel: its reader goes on by way of the thread pool.
    sealed class Listener
    {
        const int Limit = 256;
        readonly Queue<OpsEvent> waiting = new();
        TaskCompletionSource? more;

        public void Tell(OpsEvent happened)
        {
            TaskCompletionSource? told;
            lock (waiting)
            {
                if (waiting.Count == Limit) waiting.Dequeue();
                waiting.Enqueue(happened);
                (told, more) = (more, null);
            }
            told?.TrySetResult();
        }

        public async ValueTask<OpsEvent> Next(CancellationToken cancellation)
        {
            while (true)
            {
                Task arrives;
                lock (waiting)
                {
                    if (waiting.TryDequeue(out var next)) return next;
                    arrives = (more ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }
                await arrives.Followed().WaitAsync(cancellation);
            }
        }
    }
}
