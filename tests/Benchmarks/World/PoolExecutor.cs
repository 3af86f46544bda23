using Evergrain.Runtime;

namespace Evergrain.Benchmarks.World;

/// <summary>The process's own threads, as in the host.</summary>
internal sealed class PoolExecutor : IExecutor
{
    public void Post(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static posted => posted(), work, preferLocal: false);
}
