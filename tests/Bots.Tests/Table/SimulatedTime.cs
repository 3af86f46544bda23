namespace Evergrain.Bots.Tests.Table;

/// <summary>Time that passes only when nothing else is left to do, and one thread on which everything runs: a minute of play takes a moment,
/// and two runs are alike.</summary>
sealed class SimulatedTime : TimeProvider
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly PriorityQueue<(Timer Timer, int Version), (long Due, long Order)> due = new();
    readonly Loop loop = new();
    long now, order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() => now;
    public override DateTimeOffset GetUtcNow() => Start.AddTicks(now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs the work to its end. Fails when it waits for something that no time brings.</summary>
    public T Run<T>(Func<Task<T>> work)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(loop);
        try
        {
            var task = work();
            while (true)
            {
                loop.RunAll();
                if (task.IsCompleted) return task.GetAwaiter().GetResult();
                if (!due.TryDequeue(out var next, out var at)) throw new InvalidOperationException("The work waits, and nothing will happen any more.");
                now = Math.Max(now, at.Due);
                next.Timer.Fire(next.Version);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    sealed class Loop : SynchronizationContext
    {
        readonly Queue<(SendOrPostCallback Callback, object? State)> posted = [];

        public override void Post(SendOrPostCallback callback, object? state) => posted.Enqueue((callback, state));
        public override void Send(SendOrPostCallback callback, object? state) => callback(state);

        public void RunAll()
        {
            while (posted.TryDequeue(out var next)) next.Callback(next.State);
        }
    }

    sealed class Timer(SimulatedTime time, Action callback) : ITimer
    {
        TimeSpan every;
        int version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            version++;
            every = period;
            if (dueTime != Timeout.InfiniteTimeSpan) Wait(dueTime);
            return true;
        }

        public void Fire(int of)
        {
            if (of != version) return;
            if (every != Timeout.InfiniteTimeSpan) Wait(every);
            callback();
        }

        public void Dispose() => version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        void Wait(TimeSpan span) => time.due.Enqueue((this, version), (time.now + span.Ticks, time.order++));
    }
}
