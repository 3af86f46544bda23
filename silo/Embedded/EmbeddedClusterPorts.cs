using Evergrain.Core;
using Evergrain.Core.Entities;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>Everything that the engine does not make itself: stores that outlive silos, time, threads, chance, the loader of code. A
/// simulator supplies its own of each.</summary>
public sealed record EmbeddedClusterPorts
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
    public required Random Random { get; init; }
    public required ILoggerFactory Logging { get; init; }
    public ISiloNetwork Network { get; init; } = new DirectNetwork();
}
