namespace Evergrain.Core.Frames;

/// <summary>An entity's clock. It is anchored at its last frame, so that a version with another rate goes on from there. Pure.</summary>
/// <param name="AtTicks">UTC ticks at which <paramref name="Frame"/> was due.</param>
/// <param name="Frame">The last frame that ran; it never falls.</param>
/// <param name="Running">The frame handlers run.</param>
public readonly record struct FrameCount(long AtTicks, long Frame, bool Running)
{
    public static FrameCount StartingAt(DateTimeOffset now) => new(now.UtcTicks, 0, false);

    public static long PeriodTicks(int framesPerSecond) => TimeSpan.TicksPerSecond / framesPerSecond;

    public long DueTicks(long frame, int framesPerSecond) => AtTicks + (frame - Frame) * PeriodTicks(framesPerSecond);

    /// <summary>The frame that a turn sees which runs now and is no frame itself.</summary>
    public long At(DateTimeOffset now, int framesPerSecond) =>
        Running ? Frame : Frame + Math.Max(0, (now.UtcTicks - AtTicks) / PeriodTicks(framesPerSecond));

    /// <summary>This frame runs, whenever that is: it stays due when it was.</summary>
    public FrameCount Advance(long frame, int framesPerSecond) => new(DueTicks(frame, framesPerSecond), frame, Running);

    /// <summary>Runs from the next frame on, one period from now.</summary>
    public FrameCount Start(DateTimeOffset now, int framesPerSecond) => Running ? this : new(now.UtcTicks, At(now, framesPerSecond), true);

    public FrameCount Stop() => this with { Running = false };

    /// <summary>Late by more than the policy runs after: the clock is set back, so that the next frame is due now and no number is left out.</summary>
    public FrameCount SetBack(DateTimeOffset now, int framesPerSecond) => this with { AtTicks = now.UtcTicks - PeriodTicks(framesPerSecond) };
}
