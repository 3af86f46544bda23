using Evergrain.ModulePackaging;
using Evergrain.Runtime;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Retirement;

namespace Evergrain.Benchmarks.World;

/// <summary>A module runtime alone, with every version of one fixture module prepared.</summary>
internal sealed class OneSilo(ModuleRuntime runtime, IReadOnlyList<PackageRef> versions) : IAsyncDisposable
{
    public ModuleRuntime Runtime => runtime;
    public IReadOnlyList<PackageRef> Versions => versions;

    public static async Task<OneSilo> Prepare(string module)
    {
        var (store, policy) = (new MemoryPackageStore(), new SignaturePolicy { AcceptUnsigned = true });
        var intake = new PackageIntake(store, new PackageLimits(), policy);
        var runtime = new ModuleRuntime(new ModuleRuntimeOptions { Signatures = policy }, store, new AssemblyModuleLoader(), new GarbageCollector(TimeProvider.System), TimeProvider.System, BenchCluster.Background);
        var versions = new List<PackageRef>();
        foreach (var package in FixturePackages.Of(module))
        {
            var receipt = await intake.Publish(package, default);
            var version = new PackageRef(receipt.Name, receipt.Version, receipt.Digest);
            if ((await runtime.Prepare(new PrepareRequest(version, [version], []), default)) is { Slot: null } refused)
                throw new InvalidOperationException($"{version} is refused: {string.Join(" ", refused.Findings.Select(finding => finding.Message))}");
            versions.Add(version);
        }
        return new OneSilo(runtime, versions);
    }

    public ValueTask DisposeAsync() => runtime.DisposeAsync();
}
