namespace Evergrain.Runtime.Tests.Support;

/// <summary>The thread pool as executor, as a host has it.</summary>
internal sealed class PoolExecutor : IExecutor
{
    int working;

    public void Post(Action work)
    {
        Interlocked.Increment(ref working);
        ThreadPool.UnsafeQueueUserWorkItem(static posted => posted.Self.Run(posted.Work), (Self: this, Work: work), preferLocal: false);
    }

    /// <summary>Completes once everything that was posted has come back.</summary>
    public async Task Idle()
    {
        while (Volatile.Read(ref working) > 0) await Task.Yield();
    }

    void Run(Action work)
    {
        try
        {
            work();
        }
        finally
        {
            Interlocked.Decrement(ref working);
        }
    }
}
