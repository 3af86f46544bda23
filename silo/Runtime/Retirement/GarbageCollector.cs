namespace Evergrain.Runtime.Retirement;

/// <summary>The process's own garbage collector, asked for a background collection: the game goes on meanwhile.</summary>
public sealed class GarbageCollector(TimeProvider time) : ICollector
{
    const int MaxLooks = 500;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public async Task Collect(CancellationToken cancellation)
    {
        // A collection that was under way already may be the one that is waited for; so whoever proves something asks twice.
        var before = Latest();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
        for (var looks = 0; Latest() == before && looks < MaxLooks; looks++) await Task.Delay(Look, time, cancellation);
    }

    static long Latest() => Math.Max(GC.GetGCMemoryInfo(GCKind.Background).Index, GC.GetGCMemoryInfo(GCKind.FullBlocking).Index);
}
