using Evergrain.Core.Entities;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Embedded;

/// <summary>How the silos of one process are set up.</summary>
public sealed record EmbeddedClusterOptions
{
    public EntitySiloOptions Entities { get; init; } = new();
    public ModuleRuntimeOptions Modules { get; init; } = new();
    public SiloAgentOptions Agents { get; init; } = new();
    public RolloutOptions Rollouts { get; init; } = new();

    public RehearsalOptions Rehearsals { get; init; } = new();

    /// <summary>How often each silo looks in the wake-up index for entities that should be awake on it. Default 1 s.</summary>
    public TimeSpan WakeUpScan { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a silo that leaves in good order may take. Default 30 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
