namespace Evergrain.Core;

/// <summary>Where ids and seeds come from, so that a simulator can replay them. Safe from any thread.</summary>
public interface IIdSource
{
    /// <summary>A UUIDv7: it carries the time in milliseconds.</summary>
    Guid NewGuid();

    ulong NextSeed();
}

/// <summary>Ids drawn from a given chance and clock.</summary>
public sealed class SeededIdSource(Random random, TimeProvider time) : IIdSource
{
    readonly Lock drawing = new();

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (drawing) random.NextBytes(bytes);
        return UuidV7.Create(time.GetUtcNow(), bytes);
    }

    public ulong NextSeed()
    {
        lock (drawing) return (ulong)random.NextInt64() << 1 ^ (ulong)random.NextInt64();
    }
}
