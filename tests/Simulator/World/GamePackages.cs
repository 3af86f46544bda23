using Evergrain.Runtime;
using Evergrain.Simulator.Game;

namespace Evergrain.Simulator.World;

/// <summary>The published packages: the same for every run, and never changed by one.</summary>
internal static class GamePackages
{
    public static IPackageStore Store { get; } = Publish();

    static MemoryPackageStore Publish()
    {
        var store = new MemoryPackageStore();
        var intake = new PackageIntake(store, new(), new SignaturePolicy { AcceptUnsigned = true });
        foreach (var package in GameVersions.Packages) intake.Publish(package, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return store;
    }
}
