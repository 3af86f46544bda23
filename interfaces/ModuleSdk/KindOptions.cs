namespace Evergrain.ModuleSdk;

/// <summary>What the module that owns an entity kind says of it.</summary>
public sealed record KindOptions
{
    public Durability Durability { get; init; } = Durability.Interval;

    /// <summary>Calls to an entity that was never created are refused with <c>no-such-entity</c>. Otherwise the first call creates it.</summary>
    public bool RequiresCreation { get; init; }

    /// <summary>Frames a second of the entity's clock. 1 to 100, default 20.</summary>
    public int FramesPerSecond { get; init; } = 20;

    /// <summary>How many late frames are run one after another before the clock is set back instead. Frame numbers have no gap either way.
    /// 1 to 1,000, default 20.</summary>
    public int CatchUpFrames { get; init; } = 20;

    /// <summary>Without a call or a frame for this long the entity leaves memory. 1 s to 1 day, default 10 minutes.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(10);
}
