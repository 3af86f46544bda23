namespace Evergrain.Simulator.World;

/// <summary>A timer of one process. Its callback is a step of that process.</summary>
internal sealed class SimulatedTimer(Clock clock, Process process, TimerCallback callback, object? state) : ITimer
{
    TimeSpan period;
    long dueTicks;
    bool disposed;

    /// <summary>Which setting of the timer counts: an older one in the clock's queue is void.</summary>
    public long Setting { get; private set; }

    public bool Change(TimeSpan dueTime, TimeSpan every)
    {
        if (disposed) return false;
        period = every;
        if (dueTime == Timeout.InfiniteTimeSpan) Setting = clock.Unset();
        else SetTo(clock.Now.UtcTicks + dueTime.Ticks);
        return true;
    }

    public void Fire()
    {
        if (process.IsDead) return;
        if (period > TimeSpan.Zero) SetTo(dueTicks + period.Ticks);
        // Between its firing and its step it may be changed or disposed: as with real timers, the callback may still come.
        if (!disposed) process.Post(static timer => ((SimulatedTimer)timer!).Call(), this);
    }

    public void Dispose()
    {
        disposed = true;
        Setting = clock.Unset();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    void Call() => callback(state);

    void SetTo(long ticks)
    {
        dueTicks = ticks;
        Setting = clock.Set(this, ticks);
    }
}
