using System.Numerics;

namespace Evergrain.ModuleSdk;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): small, fast and the same on every machine, unlike <see cref="Random"/>'s default.</summary>
internal sealed class TurnRandom(ulong seed) : Random
{
    ulong state = seed;

    ulong NextBits()
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    protected override double Sample() => (NextBits() >> 11) * (1.0 / (1UL << 53));
    public override double NextDouble() => Sample();
    public override float NextSingle() => (NextBits() >> 40) * (1.0f / (1 << 24));
    public override int Next() => (int)(NextBits() % int.MaxValue);
    public override int Next(int maxValue) => (int)NextInt64(0, maxValue);
    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);
    public override long NextInt64() => (long)(NextBits() % long.MaxValue);
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    public override long NextInt64(long minValue, long maxValue)
    {
        if (minValue > maxValue) throw new ArgumentOutOfRangeException(nameof(minValue), "The lower bound is above the upper one.");
        var range = (ulong)(maxValue - minValue);
        if (range == 0) return minValue;
        // The high half of the product spreads evenly enough: the bias is below range / 2^64.
        return minValue + (long)Math.BigMul(NextBits(), range, out _);
    }

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i++) buffer[i] = (byte)BitOperations.RotateLeft(NextBits(), 8);
    }
}
