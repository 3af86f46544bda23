using System.Runtime.Loader;
using Evergrain.Runtime.Retirement;

namespace Evergrain.Runtime.Tests.Support;

/// <summary>The load contexts of this process.</summary>
internal static class Contexts
{
    const int MaxLooks = 20;

    /// <summary>No context holds the assembly any more, once garbage was collected.</summary>
    public static async Task Vanished(string assembly)
    {
        var collector = new GarbageCollector(TimeProvider.System);
        for (var look = 0; look < MaxLooks && Any(assembly); look++) await collector.Collect(default);
        Assert.False(Any(assembly), $"{assembly} is still loaded.");
    }

    static bool Any(string assembly) => AssemblyLoadContext.All.Any(context => context.IsCollectible && context.Assemblies.Any(loaded => loaded.GetName().Name == assembly));
}
