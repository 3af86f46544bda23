namespace Evergrain.Core.Frames;

/// <summary>An entity's clock: frame <c>n</c> is due at <c>Origin + n / rate</c>. Pure.</summary>
/// <param name="OriginTicks">UTC ticks at which frame 0 was due.</param>
/// <param name="Frame">The last frame that ran, or that a call saw; it never falls.</param>
/// <param name="Running">The frame handlers run.</param>
public readonly record struct FrameCount(long OriginTicks, long Frame, bool Running)
{
    public static FrameCount StartingAt(DateTimeOffset now) => new(now.UtcTicks, 0, false);

    public static long PeriodTicks(int framesPerSecond) => TimeSpan.TicksPerSecond / framesPerSecond;

    public long DueTicks(long frame, int framesPerSecond) => OriginTicks + frame * PeriodTicks(framesPerSecond);

    /// <summary>The frame that a turn sees which runs now and is no frame itself.</summary>
    public long At(DateTimeOffset now, int framesPerSecond) =>
        Running ? Frame : Math.Max(Frame, (now.UtcTicks - OriginTicks) / PeriodTicks(framesPerSecond));

    /// <summary>Runs from the next frame on, one period from now.</summary>
    public FrameCount Start(DateTimeOffset now, int framesPerSecond)
    {
        if (Running) return this;
        var frame = At(now, framesPerSecond);
        return new FrameCount(now.UtcTicks - frame * PeriodTicks(framesPerSecond), frame, true);
    }

    public FrameCount Stop() => this with { Running = false };

    /// <summary>Late by more than the policy runs after: the clock is set back, so that no number is left out.</summary>
    public FrameCount SetBack(DateTimeOffset now, int framesPerSecond) =>
        this with { OriginTicks = now.UtcTicks - (Frame + 1) * PeriodTicks(framesPerSecond) };
}
