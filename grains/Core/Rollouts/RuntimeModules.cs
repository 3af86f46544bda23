using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>A silo's module runtime, as its agent sees it.</summary>
public sealed class RuntimeModules : ISiloModules
{
    readonly ModuleRuntime runtime;
    readonly SiloRehearsal rehearsals;

    public RuntimeModules(ModuleRuntime runtime, SiloRehearsal rehearsals)
    {
        (this.runtime, this.rehearsals) = (runtime, rehearsals);
        runtime.SlotChanged += slot =>
        {
            if (slot.State is SlotState.Gone or SlotState.Stuck) Retired?.Invoke();
        };
    }

    public event Action? Retired;

    public long Epoch => runtime.Table.Epoch;

    public async Task<PrepareOutcome> Prepare(PrepareRequest request, RehearsalRule? rehearsal, CancellationToken cancellation)
    {
        var result = await runtime.Prepare(request, cancellation);
        if (result.Slot is not { } slot || rehearsal is null) return new PrepareOutcome(result.Slot is not null, result.Findings, result.Took);
        var report = await rehearsals.Run(slot, cancellation);
        var refused = report.Findings.Any(rehearsal.Refuses);
        return new PrepareOutcome(!refused, refused ? report.Findings : [], result.Took) { Accepted = refused ? [] : report.Findings, Rehearsal = report.Count };
    }

    public void Activate(long epoch, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> migrators) => runtime.Activate(epoch, release, migrators);
    public void Keep(IReadOnlyCollection<PackageRef> named) => runtime.Keep(named);
    public IReadOnlyList<SlotStatus> Report() => runtime.Report();
}
