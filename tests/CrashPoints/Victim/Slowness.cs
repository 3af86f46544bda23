using System.Diagnostics;

namespace Evergrain.CrashPoints.Victim;

/// <summary>How far this process is behind: the longest time that a timer was late, or that a write took. What is promised within an interval can be late
/// by so much on a busy machine. Safe from any thread.</summary>
internal sealed class Slowness : IDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    readonly Timer pulse;
    long last = Stopwatch.GetTimestamp();
    long slowest;

    public Slowness() => pulse = new Timer(_ => Beat(), null, Period, Period);

    public double Ms
    {
        get
        {
            Beat();
            return Math.Max(0, TimeSpan.FromTicks(Interlocked.Read(ref slowest)).TotalMilliseconds);
        }
    }

    /// <summary>Something that should take no time took this long.</summary>
    public void Took(TimeSpan time)
    {
        for (var seen = Interlocked.Read(ref slowest); time.Ticks > seen; seen = Interlocked.Read(ref slowest))
            if (Interlocked.CompareExchange(ref slowest, time.Ticks, seen) == seen) return;
    }

    public void Dispose() => pulse.Dispose();

    void Beat() => Took(Stopwatch.GetElapsedTime(Interlocked.Exchange(ref last, Stopwatch.GetTimestamp())) - Period);
}
