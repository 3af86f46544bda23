using Evergrain.Contracts;

namespace Evergrain.Simulator.World;

/// <summary>Hashes that are the same in every process: FNV-1a over 64 bits.</summary>
internal static class StableHash
{
    public const ulong Seed = 14695981039346656037UL;

    public static ulong Add(ulong hash, ulong value) => (hash ^ value) * 1099511628211UL;

    public static ulong Add(ulong hash, string text)
    {
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    /// <summary>A number of its own for each purpose that a seed is used for.</summary>
    public static int Derive(int seed, int index) => (int)(Mix((ulong)(uint)seed << 32 | (uint)index) & int.MaxValue);

    // SplitMix64 (Steele, Lea and Flood 2014).
    static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    public sealed class OfEntities : IEqualityComparer<EntityId>
    {
        public static readonly OfEntities Instance = new();

        public bool Equals(EntityId x, EntityId y) => x == y;
        public int GetHashCode(EntityId id) => (int)Add(Add(Seed, id.Kind), id.Key);
    }
}
