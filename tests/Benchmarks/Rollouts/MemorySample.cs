using System.Diagnostics;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>This process's memory after a compacting collection, in bytes.</summary>
/// <param name="Loader">Null where it cannot be read.</param>
internal sealed record MemorySample(long Managed, long? Loader, long Resident)
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
        return new MemorySample(managed, LoaderHeaps.Bytes(), process.WorkingSet64);
    }
}
