using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Everything that a silo's agent is given.</summary>
public sealed record SiloAgentPorts
{
    public required IClusterStore Store { get; init; }
    public required ISiloModules Modules { get; init; }
    public required IVersionGrainLink VersionGrain { get; init; }
    public required IExecutor Executor { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>For the jitter between looks; used by one thread at a time.</summary>
    public required Random Random { get; init; }
    public required IIdSource Ids { get; init; }

    /// <summary>Told the epoch after each activation, before the next report. Must not block.</summary>
    public Action<long> Activated { get; init; } = static _ => { };

    /// <summary>Must not block and must not throw.</summary>
    public Action<OpsEvent> Events { get; init; } = static _ => { };
}

public sealed record SiloAgentOptions
{
    /// <summary>Between two looks at the record; each time between 0.8 and 1.2 of it. Default 500 ms.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>From a refused try to the next; doubles with each. Default 200 ms.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Default 5 s.</summary>
    public TimeSpan LongestBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for one answer of the store or of the version grain. Default 5 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>What came of asking a silo to be at an epoch.</summary>
public enum CatchUpAnswer
{
    /// <summary>It serves that epoch or a later one.</summary>
    Reached,
    /// <summary>No such epoch was committed: <c>epoch-unknown</c>.</summary>
    EpochUnknown,
    /// <summary>It was committed, but this silo does not serve it yet: <c>silo-not-ready</c>.</summary>
    NotReady,
    /// <summary><c>store-unavailable</c>.</summary>
    StoreUnavailable,
}
