namespace Evergrain.Benchmarks.Rollouts;

/// <summary>This process's memory after a compacting collection, in bytes.</summary>
internal readonly record struct MemorySample(long Managed, long Resident)
{
    public static MemorySample Take()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return new MemorySample(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
    }
}
