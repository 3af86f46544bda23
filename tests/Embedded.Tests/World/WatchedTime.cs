using Evergrain.Core.Tests.Time;

namespace Evergrain.Embedded.Tests.World;

/// <summary>Manual time that sees whether anybody else than the run's thread asks for it.</summary>
internal sealed class WatchedTime(ManualTimeProvider clock, OneThread thread) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;
    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override DateTimeOffset GetUtcNow()
    {
        thread.Check("GetUtcNow");
        return clock.GetUtcNow();
    }

    public override long GetTimestamp()
    {
        thread.Check("GetTimestamp");
        return clock.GetTimestamp();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        thread.Check("CreateTimer");
        return clock.CreateTimer(callback, state, dueTime, period);
    }
}
