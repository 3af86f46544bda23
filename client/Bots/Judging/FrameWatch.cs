using System.Runtime.InteropServices;

namespace Evergrain.Bots.Judging;

/// <summary>What one bot sees of one room's clock: that the numbers have no gap, and that they keep pace with time.
/// Thread-safe: events come on the thread that reads the socket.</summary>
/// <remarks>
/// An event may be missing because the gateway dropped it for a slow reader; the sequence numbers tell. So a jump of the frame number is
/// a gap only where it is larger than the number of events that are missing.
/// For the pace the delay of each event on its way is taken out: of the first and of the last quarter the least delayed event counts.
/// </remarks>
public sealed class FrameWatch
{
    public const int FramesPerSecond = 20;
    public const double PaceTolerance = 2;
    const double ShortestPaceSeconds = 3;

    readonly Lock gate = new();
    readonly List<(double At, long Frame)> run = [];
    long lastSequence, lastFrame, missing, frames, gaps, setBacks;
    bool begun, steady = true;

    /// <summary>An event of the room arrived.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="frame">Its frame number; null for an event of another name.</param>
    /// <param name="atSeconds">When it arrived, on any clock that runs evenly.</param>
    /// <returns>What is wrong with it, in words; null when nothing is.</returns>
    public string? Saw(long sequence, long? frame, double atSeconds)
    {
        lock (gate)
        {
            var before = lastFrame;
            if (lastSequence > 0 && sequence <= lastSequence) return SetBack(sequence, frame, atSeconds, $"event {sequence} came after {lastSequence}");
            if (lastSequence > 0) missing += sequence - lastSequence - 1;
            lastSequence = sequence;
            if (frame is not { } number) return null;

            frames++;
            if (begun && number <= before) return SetBack(sequence, frame, atSeconds, $"frame {number} came after {before}");
            var jump = begun ? number - before - 1 : 0;
            var wrong = jump > missing;
            if (missing > 0) steady = false;
            (begun, lastFrame, missing) = (true, number, 0);
            run.Add((atSeconds, number));
            if (!wrong) return null;
            gaps++;
            return $"frame-gap: frame {number} came after {before}";
        }
    }

    /// <summary>The bot itself disturbed the watch, by dropping its connection or not reading: the pace of this room is not judged.</summary>
    public void Disturb()
    {
        lock (gate) steady = false;
    }

    public FrameTotals Totals()
    {
        lock (gate)
        {
            var drift = steady ? Drift(CollectionsMarshal.AsSpan(run)) : null;
            return new(frames, gaps, setBacks, drift is null ? 0 : 1, drift is { } d && Math.Abs(d) > PaceTolerance ? 1 : 0, Math.Abs(drift ?? 0));
        }
    }

    string SetBack(long sequence, long? frame, double atSeconds, string what)
    {
        setBacks++;
        (lastSequence, missing, begun, steady) = (sequence, 0, frame is not null, false);
        if (frame is { } number) lastFrame = number;
        run.Clear();
        return $"set-back: {what}";
    }

    // By how many frames the room ran ahead of time, or fell behind.
    static double? Drift(ReadOnlySpan<(double At, long Frame)> run)
    {
        if (run.Length == 0 || run[^1].At - run[0].At < ShortestPaceSeconds) return null;
        var quarter = run.Length / 4;
        return -(Least(run[^quarter..]) - Least(run[..quarter])) * FramesPerSecond;

        static double Least(ReadOnlySpan<(double At, long Frame)> part)
        {
            var least = double.MaxValue;
            foreach (var (at, frame) in part) least = Math.Min(least, at - (double)frame / FramesPerSecond);
            return least;
        }
    }
}

/// <param name="Seen">Frame events that were judged.</param>
/// <param name="Gaps">Frame numbers that jumped though no event was missing.</param>
/// <param name="SetBacks">Rooms that went back to an earlier frame, as after the death of their silo.</param>
/// <param name="PaceJudged">Rooms watched long and undisturbed enough to judge their pace.</param>
/// <param name="OffPace">Of these, rooms that advanced by more or less than elapsed × 20 ± 2.</param>
/// <param name="WorstDrift">In frames.</param>
public sealed record FrameTotals(long Seen, long Gaps, long SetBacks, long PaceJudged, long OffPace, double WorstDrift)
{
    public static FrameTotals None { get; } = new(0, 0, 0, 0, 0, 0);

    public FrameTotals Add(FrameTotals other) => new(Seen + other.Seen, Gaps + other.Gaps, SetBacks + other.SetBacks,
        PaceJudged + other.PaceJudged, OffPace + other.OffPace, Math.Max(WorstDrift, other.WorstDrift));
}
