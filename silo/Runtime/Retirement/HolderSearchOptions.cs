namespace Evergrain.Runtime;

/// <summary>How far the search for a holder may go.</summary>
public sealed record HolderSearchOptions
{
    /// <summary>Default 2,000,000.</summary>
    public int MaxObjects { get; init; } = 2_000_000;

    /// <summary>Default 5 s.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many holders are named. Default 4.</summary>
    public int MaxHolders { get; init; } = 4;
}
