namespace Evergrain.Core.Tests.Time;

/// <summary>A clock that stands still until a test moves it. Timers fire on the test's thread, in the order in which they are due.</summary>
public sealed class ManualTimeProvider : TimeProvider
{
    readonly List<ManualTimer> timers = [];
    DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    long created;

    /// <summary>A timer that is due at once fires before it is armed: as on a busy machine, where its thread is the faster one.</summary>
    public bool FiresAtOnce { get; set; }

    public override DateTimeOffset GetUtcNow() => now;
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => now.UtcTicks;
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), created++);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires every timer that is due on the way; what a timer callback starts in the meantime fires too.</summary>
    /// <param name="settle">Called after each fired timer and at the end, such as to drain an executor.</param>
    public void Advance(TimeSpan span, Action? settle = null)
    {
        var end = now + span;
        while (FireNext(end)) settle?.Invoke();
        now = end;
        settle?.Invoke();
    }

    /// <summary>Moves to the next due timer, if one is due by then, and fires it.</summary>
    public bool FireNext(DateTimeOffset until)
    {
        var next = timers.Where(timer => timer.Due <= until).OrderBy(timer => timer.Due).ThenBy(timer => timer.Number).FirstOrDefault();
        if (next is null) return false;
        if (next.Due > now) now = next.Due;
        next.Fire();
        return true;
    }

    sealed class ManualTimer(ManualTimeProvider clock, Action callback, long number) : ITimer
    {
        TimeSpan period;
        bool disposed;

        public DateTimeOffset Due { get; private set; }
        public long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan every)
        {
            if (disposed) return false;
            period = every;
            clock.timers.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan) return true;
            if (clock.FiresAtOnce && dueTime == TimeSpan.Zero)
            {
                callback();
                return true;
            }
            Due = clock.now + dueTime;
            clock.timers.Add(this);
            return true;
        }

        public void Fire()
        {
            if (period > TimeSpan.Zero) Due += period;
            else clock.timers.Remove(this);
            callback();
        }

        public void Dispose()
        {
            disposed = true;
            clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
