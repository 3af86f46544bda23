using System.Collections.Immutable;
using Evergrain.Contracts;

namespace Evergrain.Embedded;

/// <summary>Where entities live: rendezvous hashing (Thaler and Ravishankar 1998), so that a silo that joins or leaves moves only what is its
/// own. Pure, and the same on every machine.</summary>
internal sealed class Placement
{
    public static readonly Placement Empty = new([]);

    /// <summary>The version grain is placed like an entity, though it is none.</summary>
    public static readonly EntityId VersionGrain = new("version-grain", "cluster");

    readonly ulong[] hashes;

    public Placement(ImmutableArray<EmbeddedSilo> silos)
    {
        Silos = silos;
        hashes = [.. silos.Select(silo => Hash(silo.Id))];
    }

    public ImmutableArray<EmbeddedSilo> Silos { get; }

    /// <summary>Null when there is no silo.</summary>
    public EmbeddedSilo? Owner(EntityId id)
    {
        if (hashes.Length <= 1) return hashes.Length == 0 ? null : Silos[0];
        var entity = Hash(id.Key) ^ Hash(id.Kind) * 3;
        var best = 0;
        var highest = 0UL;
        for (var i = 0; i < hashes.Length; i++)
        {
            var weight = Mix(entity ^ hashes[i]);
            if (i > 0 && weight <= highest) continue;
            (best, highest) = (i, weight);
        }
        return Silos[best];
    }

    public Placement With(EmbeddedSilo silo) => new(Silos.Add(silo));
    public Placement Without(EmbeddedSilo silo) => new(Silos.Remove(silo));

    // FNV-1a.
    static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 33)) * 0xFF51AFD7ED558CCDUL;
        z = (z ^ (z >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return z ^ (z >> 33);
    }
}
