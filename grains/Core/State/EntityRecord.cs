using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.Frames;

namespace Evergrain.Core.State;

/// <summary>One entity as the store keeps it. Immutable.</summary>
public sealed record EntityRecord
{
    public required EntityId Id { get; init; }

    /// <summary>Which life of the store it belongs to; grows when a backup is restored.</summary>
    public long Incarnation { get; init; }

    /// <summary>The epoch of the last turn that wrote it; it never falls.</summary>
    public required long Epoch { get; init; }

    /// <summary>Names this write, so that its author knows it again after a time-out.</summary>
    public required Guid WriteId { get; init; }

    /// <summary>Given by the store; a write with another one is a conflict.</summary>
    public string Etag { get; init; } = "";

    /// <summary>False for an entity that was destroyed and still has something to send.</summary>
    public required bool Created { get; init; }

    public ImmutableArray<SliceRecord> Slices { get; init; } = [];
    public FrameCount Frames { get; init; }
    public long EventSequence { get; init; }
    public EntityExtras Extras { get; init; } = EntityExtras.None;

    /// <summary>Fields of a newer host, as they were stored; written again with the record.</summary>
    public ReadOnlyMemory<byte> Unknown { get; init; }

    /// <summary>It has something to do without being called: the store lists it in its wake-up index.</summary>
    public bool NeedsWakeUp => Extras.NeedWakeUp(Frames);

    // Two writes of the same content are two records.
    public bool Equals(EntityRecord? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>The part of an entity's record that one module owns.</summary>
/// <param name="Schema">The schema of the bytes.</param>
/// <param name="Version">The version that last wrote the bytes.</param>
/// <param name="Epoch">The epoch it did so at.</param>
public sealed record SliceRecord(string Module, int Schema, byte[] Bytes, string Version, long Epoch)
{
    /// <summary>The versions that are remembered; what is older is forgotten.</summary>
    public const int MostEarlier = 8;

    /// <summary>The versions that wrote it before, newest first, each once. So what a bad version touched is found after it was taken back, and a
    /// state that cannot come down can be restored.</summary>
    public ImmutableArray<EarlierWrite> Earlier { get; init; } = [];

    /// <summary>The bytes that it had before its schema became what it is; null when it never had another.</summary>
    public EarlierWrite? Before => Earlier.FirstOrDefault(write => write.Bytes is not null);

    /// <summary>This slice, once it is written over <paramref name="last"/>.</summary>
    public SliceRecord Over(SliceRecord last)
    {
        if (last.Version == Version && last.Schema == Schema) return this with { Earlier = last.Earlier };
        EarlierWrite[] writes = [new(last.Version, last.Epoch, last.Schema, last.Bytes), .. last.Earlier.Where(write => write.Version != last.Version)];
        // One state back is enough, and is all that is kept: that of the newest write under another schema.
        var before = Array.FindIndex(writes, write => write.Bytes is not null && write.Schema != Schema);
        return this with { Earlier = [.. writes.Select((write, i) => i == before ? write : write with { Bytes = null }).Take(MostEarlier)] };
    }
}

/// <summary>What a version wrote to a slice before.</summary>
/// <param name="Epoch">The last epoch at which it did.</param>
/// <param name="Bytes">Null where they are not kept.</param>
public sealed record EarlierWrite(string Version, long Epoch, int Schema, byte[]? Bytes);
