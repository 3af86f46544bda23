namespace Evergrain.Core.Rehearsals;

/// <summary>How much of a silo's live state is tried on a new version before that may serve.</summary>
public sealed record RehearsalOptions
{
    /// <summary>Entities of each kind on each silo. 0: none. Default 1,000.</summary>
    public int Sample { get; init; } = 1000;

    /// <summary>Entities on each silo whose scheduled calls and sends are looked at. 0: none. Default 10,000.</summary>
    public int Entries { get; init; } = 10_000;

    /// <summary>Findings of each sort that a silo tells; all are counted. Default 10.</summary>
    public int Shown { get; init; } = 10;

    /// <summary>Entities that are tried before others get the thread. Default 16, which takes less than a millisecond.</summary>
    public int AtOnce { get; init; } = 16;
}
