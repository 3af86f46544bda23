using Evergrain.Contracts;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>What a silo would have of its own if it were a process: its ways to the stores, its clock, threads, chance and loader of code.
/// A simulator skews, pauses, cuts off or fails one silo by them.</summary>
public record EmbeddedSiloPorts
{
    public required IEntityStore Entities { get; init; }
    public required IClusterStore Cluster { get; init; }
    public required IPackageStore Packages { get; init; }
    public required IModuleLoader Loader { get; init; }
    public required ICollector Collector { get; init; }
    public required TimeProvider Time { get; init; }
    public required IExecutor Executor { get; init; }

    /// <summary>Where modules are prepared and inspected, so that turns do not wait for it.</summary>
    public required IExecutor Background { get; init; }

    /// <summary>Ids, seeds and jitter are drawn from it. Used by one silo, and by one thread at a time.</summary>
    public required Random Random { get; init; }
    public required ILoggerFactory Logging { get; init; }

    /// <inheritdoc cref="Core.Entities.EntitySiloPorts.EntityHashing"/>
    public IEqualityComparer<EntityId>? EntityHashing { get; init; }
}
