using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Does pieces of work one after another, each to its end, in a <see cref="SerialContext"/>. Safe from any thread.</summary>
/// <param name="limit">How many pieces may wait.</param>
/// <param name="broken">Hears what a piece threw, which is a mistake of ours; the lane goes on. Must not throw.</param>
internal sealed class Lane(IExecutor executor, int limit, Action<Exception> broken)
{
    readonly SerialContext context = new(executor);
    readonly Queue<Func<Task>> waiting = new();
    bool running;

    /// <summary>False when too much waits.</summary>
    public bool TryRun(Func<Task> work)
    {
        lock (waiting)
        {
            if (waiting.Count >= limit) return false;
            waiting.Enqueue(work);
            if (running) return true;
            running = true;
        }
        context.Post(_ => _ = Drain(), null);
        return true;
    }

    /// <summary>Runs work that has an answer. The answer is given outside the lane, so that who awaits it does not run on it.</summary>
    /// <returns>Null when too much waits.</returns>
    public Task<T>? Ask<T>(Func<Task<T>> work)
    {
        var answer = new TaskCompletionSource<T>();
        return TryRun(() => Answer(work, answer)) ? answer.Task : null;
    }

    async Task Answer<T>(Func<Task<T>> work, TaskCompletionSource<T> answer)
    {
        try
        {
            var result = await work();
            executor.Post(() => answer.TrySetResult(result));
        }
        catch (Exception failure)
        {
            executor.Post(() => answer.TrySetException(failure));
        }
    }

    async Task Drain()
    {
        while (true)
        {
            Func<Task> work;
            lock (waiting)
            {
                if (!waiting.TryDequeue(out work!))
                {
                    running = false;
                    return;
                }
            }
            try
            {
                await work();
            }
            catch (Exception failure)
            {
                broken(failure);
            }
        }
    }
}
