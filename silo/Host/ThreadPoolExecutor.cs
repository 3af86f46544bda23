using Evergrain.Runtime;

namespace Evergrain.Host;

/// <summary>The process's own threads.</summary>
internal sealed class ThreadPoolExecutor : IExecutor
{
    public void Post(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static posted => posted(), work, preferLocal: false);
}
