using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>What a silo's agent asks of the silo's module runtime. Safe from any thread.</summary>
public interface ISiloModules
{
    /// <summary>The epoch that the silo routes by.</summary>
    long Epoch { get; }

    /// <summary>Brings one package to readiness. Idempotent by digest.</summary>
    Task<PrepareOutcome> Prepare(PrepareRequest request, CancellationToken cancellation);

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
public sealed record PrepareOutcome(bool Prepared, IReadOnlyList<Finding> Findings, TimeSpan Took);
