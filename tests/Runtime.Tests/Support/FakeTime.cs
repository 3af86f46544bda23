namespace Evergrain.Runtime.Tests.Support;

/// <summary>Time that moves when the test says so.</summary>
internal sealed class FakeTime : TimeProvider
{
    readonly Lock gate = new();
    readonly List<FakeTimer> timers = [];
    TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => now.Ticks;
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until a timer is due exactly so long from now, so that the advance finds it, and advances.</summary>
    public async Task Pass(TimeSpan by)
    {
        await HasTimer(by);
        Advance(by);
    }

    /// <summary>Waits until a timer is due exactly so long from now.</summary>
    public async Task HasTimer(TimeSpan dueIn)
    {
        for (var look = 0; !IsDueIn(dueIn) && look < 10_000; look++) await Task.Delay(1);
        Assert.True(IsDueIn(dueIn), $"No timer is due in {dueIn}.");
    }

    bool IsDueIn(TimeSpan by)
    {
        lock (gate) return timers.Any(timer => timer.Due == now + by);
    }

    public void Advance(TimeSpan by)
    {
        List<FakeTimer> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.Due <= now)];
            foreach (var timer in due) timers.Remove(timer);
        }
        foreach (var timer in due) timer.Fire();
    }

    sealed class FakeTimer(FakeTime time, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time.now + dueTime;
                time.timers.Add(this);
            }
            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
