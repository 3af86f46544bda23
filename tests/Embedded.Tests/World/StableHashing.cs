using Evergrain.Contracts;

namespace Evergrain.Embedded.Tests.World;

/// <summary>The same hash in every process (FNV-1a).</summary>
internal sealed class StableHashing : IEqualityComparer<EntityId>
{
    public bool Equals(EntityId one, EntityId other) => one == other;

    public int GetHashCode(EntityId id)
    {
        var hash = 2166136261;
        foreach (var c in id.Key) hash = (hash ^ c) * 16777619;
        foreach (var c in id.Kind) hash = (hash ^ c) * 16777619;
        return (int)hash;
    }
}
