namespace Evergrain.Core.Rollouts;

/// <summary>The bounds of a version grain's patience.</summary>
public sealed record RolloutOptions
{
    /// <summary>How often it looks by itself. Default 500 ms.</summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an enrolled silo may be missing from the live silos before it counts as left. Default 1 s.</summary>
    public TimeSpan LeftAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long replaced versions may be stuck before the rollout ends with that finding. Default 10 s.</summary>
    public TimeSpan StuckBound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From commit to permanent at the longest: beyond the drain deadline (30 s) of the slots. Default 90 s.</summary>
    public TimeSpan DrainBound { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long an abort waits for silos to be rid of what they prepared. Default 60 s.</summary>
    public TimeSpan AbortBound { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest wait for one answer of the store. Default 5 s.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
