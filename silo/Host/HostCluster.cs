using Evergrain.Core.Entities;
using Evergrain.Embedded;
using Evergrain.Runtime;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Retirement;

namespace Evergrain.Host;

/// <summary>The cluster on real parts: the system's clock, threads and chance, and stores outside the silos.</summary>
internal static class HostCluster
{
    public static EmbeddedCluster Create(HostSettings settings, HostStores stores, ILoggerFactory logging) => new(
        new EmbeddedClusterPorts
        {
            Entities = stores.Entities,
            Cluster = stores.Cluster,
            Packages = stores.Packages,
            Loader = new AssemblyModuleLoader(),
            Collector = new GarbageCollector(TimeProvider.System),
            Time = TimeProvider.System,
            Executor = new ThreadPoolExecutor(),
            Background = new BackgroundThread("Evergrain modules"),
            Random = new Random(),
            Logging = logging,
        },
        new EmbeddedClusterOptions
        {
            Entities = new EntitySiloOptions { PlayersMayCallAnything = settings.OpenDevelopmentDoors, WriteInterval = settings.WriteInterval },
            Modules = new ModuleRuntimeOptions { Signatures = new SignaturePolicy { AcceptUnsigned = settings.AllowUnsigned }, FreeMemory = FreeMemory },
        });

    // Of the machine or the container, as of the last collection; before the first one nothing is known to be taken.
    static long FreeMemory()
    {
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }
}
