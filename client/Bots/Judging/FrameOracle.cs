namespace Evergrain.Bots.Judging;

/// <summary>Adds up what all bots saw of all rooms' clocks. Thread-safe.</summary>
public sealed class FrameOracle(Examples examples)
{
    readonly Lock gate = new();
    FrameTotals totals = FrameTotals.None;

    public void Wrong(string room, string what) => examples.Add($"{what} in {room}");

    /// <summary>A bot leaves a room and takes its watch with it.</summary>
    public void Close(string room, FrameWatch watch)
    {
        var seen = watch.Totals();
        lock (gate) totals = totals.Add(seen);
        if (seen.OffPace > 0) examples.Add(FormattableString.Invariant($"frame-pace: {room} was off by {seen.WorstDrift:0.0} frames"));
    }

    public FrameTotals Totals()
    {
        lock (gate) return totals;
    }
}
