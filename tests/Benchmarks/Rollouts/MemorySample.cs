using System.Diagnostics;
using Microsoft.Diagnostics.Runtime;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>This process's memory after a compacting collection, in bytes.</summary>
/// <param name="Loader">What the runtime keeps of loaded code: every loader, code and stub heap of every load context.</param>
internal sealed record MemorySample(long Managed, long Loader, long Resident)
{
    public static MemorySample Take()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return new MemorySample(managed, LoaderHeaps(process.Id), process.WorkingSet64);
    }

    // The runtime's own data access component reads this process from inside.
    static long LoaderHeaps(int process)
    {
        using var target = DataTarget.AttachToProcess(process, suspend: false);
        using var runtime = target.ClrVersions[0].CreateRuntime();
        return runtime.EnumerateClrNativeHeaps().Sum(heap => (long)heap.MemoryRange.Length);
    }
}
