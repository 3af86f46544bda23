using Evergrain.Runtime;

namespace Evergrain.Core.State.Batching;

/// <summary>Gathers pieces of work while earlier ones are done, and does what has gathered at once: so that one transaction, one round trip
/// or one flush to disk serves everyone who waits. Safe from any thread.</summary>
/// <param name="threads">Where batches are done; it may block there.</param>
/// <param name="work">Does a batch, in the order in which its pieces came. Must not throw.</param>
/// <param name="lanes">How many batches are done at a time; with one, batches never overlap.</param>
/// <param name="mostAtOnce">In one batch.</param>
/// <param name="mostWaiting">Beyond so many, new ones are turned away.</param>
public sealed class Batches<T>(IExecutor threads, Action<IReadOnlyList<T>> work, int lanes, int mostAtOnce, int mostWaiting)
{
    readonly Lock gate = new();
    readonly Queue<T> waiting = new();
    readonly TaskCompletionSource ended = new();
    int busy;
    bool closed;

    /// <summary>False when too many wait, or when it is closed: nothing of it will be done.</summary>
    public bool TryAdd(T piece)
    {
        lock (gate)
        {
            if (closed || waiting.Count >= mostWaiting) return false;
            waiting.Enqueue(piece);
            if (busy == lanes) return true;
            busy++;
        }
        threads.Post(Run);
        return true;
    }

    /// <summary>Takes nothing more; completes once everything that was taken is done.</summary>
    public Task Close()
    {
        lock (gate)
        {
            closed = true;
            if (busy == 0) End();
        }
        return ended.Task;
    }

    void Run()
    {
        while (Take() is { } batch) work(batch);
    }

    // Not under the lock: who waits for the end goes on there.
    void End() => threads.Post(() => ended.TrySetResult());

    List<T>? Take()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                if (--busy == 0 && closed) End();
                return null;
            }
            var batch = new List<T>(Math.Min(waiting.Count, mostAtOnce));
            while (batch.Count < mostAtOnce && waiting.TryDequeue(out var piece)) batch.Add(piece);
            return batch;
        }
    }
}
