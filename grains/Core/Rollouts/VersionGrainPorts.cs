using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Tells a silo's agent to look at the record now. It may be lost, late or doubled: agents look by themselves too.</summary>
public interface ISiloHints
{
    /// <summary>Must not block and must not throw.</summary>
    void Hint(string silo);
}

/// <summary>The agent's way to the version grain, wherever it lives; a report also revives it.</summary>
public interface IVersionGrainLink
{
    /// <summary>May throw when it cannot be reached; the next look reports again.</summary>
    Task Report(SiloReport report);
}

/// <summary>Everything that a version grain is given.</summary>
public sealed record VersionGrainPorts
{
    public required IClusterStore Store { get; init; }
    public required IReleasePackages Packages { get; init; }
    public required ISiloHints Hints { get; init; }

    /// <summary>The ids of the silos that live, as the engine's membership has them now.</summary>
    public required Func<IReadOnlyCollection<string>> LiveSilos { get; init; }
    public required IExecutor Executor { get; init; }
    public required TimeProvider Time { get; init; }
    public required IIdSource Ids { get; init; }

    /// <summary>Receives one line for each phase of a rollout. Must not block and must not throw.</summary>
    public Action<OpsEvent> Events { get; init; } = static _ => { };
}
