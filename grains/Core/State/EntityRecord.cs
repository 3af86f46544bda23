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
    public bool NeedsWakeUp => Frames.Running || Extras.Outbox.Count > 0 || Extras.Schedule.Count > 0;

    // Two writes of the same content are two records.
    public bool Equals(EntityRecord? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>The part of an entity's record that one module owns.</summary>
/// <param name="Schema">The schema of the bytes.</param>
/// <param name="Version">The version that last wrote the bytes.</param>
/// <param name="Epoch">The epoch it did so at.</param>
public sealed record SliceRecord(string Module, int Schema, byte[] Bytes, string Version, long Epoch);
