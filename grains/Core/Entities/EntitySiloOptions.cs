namespace Evergrain.Core.Entities;

/// <summary>Bounds and times of the entities on one silo.</summary>
public sealed record EntitySiloOptions
{
    /// <summary>Calls that may wait for one entity; more are <c>overloaded</c>. Default 256.</summary>
    public int MailboxBound { get; init; } = 256;

    /// <summary>Turns of one entity before its thread looks at others. Default 32.</summary>
    public int TurnsPerDrain { get; init; } = 32;

    /// <summary>Longest time from a turn to its write under <c>interval</c> durability. Default 1 s.</summary>
    public TimeSpan WriteInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often idle entities are looked for. Default 10 s.</summary>
    public TimeSpan IdleScan { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a sweep or a round of writes may keep a thread at a time. Default 1 ms.</summary>
    public TimeSpan BatchBudget { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Between two batches of the sweep that follows a reload: bringing every entity to a new version must not take the cores from
    /// the players. Default 10 ms.</summary>
    public TimeSpan SweepPause { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long the pauses of a sweep may take together; with more entities its batches grow. Default 5 s.</summary>
    public TimeSpan SweepTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How finely frames are told apart: the clock looks this often while an entity waits for it. Default 5 ms.</summary>
    public TimeSpan FrameResolution { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Default 1 MiB.</summary>
    public int MaxReplyBytes { get; init; } = 1 << 20;

    /// <summary>Development hosts only: players may call operations that are for entities.</summary>
    public bool PlayersMayCallAnything { get; init; }
}
