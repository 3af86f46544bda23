using System.Numerics;

namespace Evergrain.Bots.Judging;

/// <summary>Counts times in buckets that are 1/16 of their size wide, so that a percentile is right within 6 %; of the largest the exact
/// value is kept. From 1 µs to hours in 8 KB. Not thread-safe.</summary>
public sealed class LatencyHistogram
{
    const int SubBuckets = 16;
    const int SubBits = 4;

    readonly long[] counts = new long[64 * SubBuckets];
    long count;
    long largest;

    public long Count => count;
    public double MaxMs => largest / 1000.0;

    public void Add(TimeSpan time)
    {
        var micros = Math.Max(0, (long)time.TotalMicroseconds);
        counts[Bucket(micros)]++;
        count++;
        largest = Math.Max(largest, micros);
    }

    /// <param name="share">0 to 1, as in 0.99.</param>
    /// <returns>Milliseconds; 0 when nothing was counted.</returns>
    public double PercentileMs(double share)
    {
        var rank = (long)Math.Ceiling(share * count);
        long seen = 0;
        for (var bucket = 0; bucket < counts.Length && rank > 0; bucket++)
            if ((seen += counts[bucket]) >= rank) return Math.Min(largest, UpperEnd(bucket)) / 1000.0;
        return 0;
    }

    public void Clear()
    {
        Array.Clear(counts);
        (count, largest) = (0, 0);
    }

    static int Bucket(long micros)
    {
        if (micros < SubBuckets) return (int)micros;
        var power = BitOperations.Log2((ulong)micros);
        return (power - SubBits + 1) * SubBuckets + (int)((micros >> (power - SubBits)) & (SubBuckets - 1));
    }

    static long UpperEnd(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = bucket / SubBuckets - 1;
        return ((long)(SubBuckets + bucket % SubBuckets + 1) << shift) - 1;
    }
}
