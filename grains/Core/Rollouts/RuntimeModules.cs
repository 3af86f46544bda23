using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>A silo's module runtime, as its agent sees it.</summary>
public sealed class RuntimeModules : ISiloModules
{
    readonly ModuleRuntime runtime;

    public RuntimeModules(ModuleRuntime runtime)
    {
        this.runtime = runtime;
        runtime.SlotChanged += slot =>
        {
            if (slot.State is SlotState.Gone or SlotState.Stuck) Retired?.Invoke();
        };
    }

    public event Action? Retired;

    public long Epoch => runtime.Table.Epoch;

    public async Task<PrepareOutcome> Prepare(PrepareRequest request, CancellationToken cancellation)
    {
        var result = await runtime.Prepare(request, cancellation);
        return new PrepareOutcome(result.Slot is not null, result.Findings, result.Took);
    }

    public void Activate(long epoch, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> migrators) => runtime.Activate(epoch, release, migrators);
    public void Keep(IReadOnlyCollection<PackageRef> named) => runtime.Keep(named);
    public IReadOnlyList<SlotStatus> Report() => runtime.Report();
}
