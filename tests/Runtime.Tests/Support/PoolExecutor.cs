namespace Evergrain.Runtime.Tests.Support;

/// <summary>The thread pool as executor, as a host has it.</summary>
internal sealed class PoolExecutor : IExecutor
{
    public void Post(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);
}
