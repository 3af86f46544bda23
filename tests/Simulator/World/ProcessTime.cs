namespace Evergrain.Simulator.World;

/// <summary>Time as one process sees it: its clock may be wrong, its timers run as everyone's.</summary>
internal sealed class ProcessTime(Clock clock, Process process) : TimeProvider
{
    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Skew { get; set; }

    public override DateTimeOffset GetUtcNow() => clock.Now + Skew;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => clock.Now.UtcTicks;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(clock, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
