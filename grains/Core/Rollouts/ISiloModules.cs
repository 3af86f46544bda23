using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>What a silo's agent asks of the silo's module runtime. Safe from any thread.</summary>
public interface ISiloModules
{
    /// <summary>The epoch that the silo routes by.</summary>
    long Epoch { get; }

    /// <summary>Brings one package to readiness. Idempotent by digest.</summary>
    /// <param name="rehearsal">What the findings of trying the silo's live state mean; null: it is not tried.</param>
    Task<PrepareOutcome> Prepare(PrepareRequest request, RehearsalRule? rehearsal, CancellationToken cancellation);

    /// <summary>Routes by the release, whose packages are all prepared. Throws when one is not; the old table stays then.</summary>
    /// <param name="migrators">Versions that the release keeps loadable beside them.</param>
    void Activate(long epoch, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> migrators);

    /// <summary>Retires every slot that is neither named nor serving. Idempotent.</summary>
    void Keep(IReadOnlyCollection<PackageRef> named);

    IReadOnlyList<SlotStatus> Report();

    /// <summary>A slot was retired, or is stuck: a rollout may have waited for that. Raised on any thread.</summary>
    event Action? Retired;
}

/// <param name="Findings">Everything that is wrong with it; empty when it is prepared.</param>
public sealed record PrepareOutcome(bool Prepared, IReadOnlyList<Finding> Findings, TimeSpan Took)
{
    /// <summary>What would have refused it, had the operator not accepted it.</summary>
    public IReadOnlyList<Finding> Accepted { get; init; } = [];

    /// <summary>What came of trying the silo's live state on it; null when that was not asked for.</summary>
    public RehearsalCount? Rehearsal { get; init; }
}
