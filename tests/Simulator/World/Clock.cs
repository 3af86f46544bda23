namespace Evergrain.Simulator.World;

/// <summary>Simulated time. It stands still while anything can be done, then jumps to the next timer.</summary>
internal sealed class Clock
{
    readonly PriorityQueue<(SimulatedTimer Timer, long Setting), (long Due, long Number)> due = new(Earlier.First);
    long set;

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset Now { get; private set; } = Start;
    public TimeSpan Elapsed => Now - Start;

    /// <summary>Goes to the next timer that is due by then and fires it; false, and nothing changes, when there is none.</summary>
    public bool FireNext(DateTimeOffset until)
    {
        while (due.TryPeek(out var next, out var when))
        {
            if (next.Setting != next.Timer.Setting)
            {
                due.Dequeue();
                continue;
            }
            if (when.Due > until.UtcTicks) return false;
            due.Dequeue();
            if (when.Due > Now.UtcTicks) Now = new DateTimeOffset(when.Due, TimeSpan.Zero);
            next.Timer.Fire();
            return true;
        }
        return false;
    }

    public void AdvanceTo(DateTimeOffset time)
    {
        if (time > Now) Now = time;
    }

    internal long Set(SimulatedTimer timer, long dueTicks)
    {
        due.Enqueue((timer, ++set), (dueTicks, set));
        return set;
    }

    internal long Unset() => ++set;

    sealed class Earlier : IComparer<(long Due, long Number)>
    {
        public static readonly Earlier First = new();

        public int Compare((long Due, long Number) x, (long Due, long Number) y) => x.Due != y.Due ? x.Due.CompareTo(y.Due) : x.Number.CompareTo(y.Number);
    }
}
