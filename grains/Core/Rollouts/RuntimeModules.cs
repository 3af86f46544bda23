using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>A silo's module runtime, as its agent sees it.</summary>
public sealed class RuntimeModules(ModuleRuntime runtime) : ISiloModules
{
    public long Epoch => runtime.Table.Epoch;

    public async Task<PrepareOutcome> Prepare(PackageRef package, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> serving, CancellationToken cancellation)
    {
        var result = await runtime.Prepare(package, release, serving, cancellation);
        return new PrepareOutcome(result.Slot is not null, result.Findings, result.Took);
    }

    public void Activate(long epoch, IReadOnlyList<PackageRef> release) => runtime.Activate(epoch, release);
    public void Keep(IReadOnlyCollection<PackageRef> named) => runtime.Keep(named);
    public IReadOnlyList<SlotStatus> Report() => runtime.Report();
}
