using System.Buffers.Binary;
using Evergrain.Core.State;

namespace Evergrain.Core.Operators;

/// <summary>Puts the bytes back that a slice had before its schema became what it is. Pure.</summary>
public static class EarlierState
{
    /// <summary>The record with every slice restored that has another schema than the one that serves, and earlier bytes; null when there is none. What it has
    /// now becomes what it had before.</summary>
    /// <param name="serving">The schema that serves a module's slice of this kind; null when the module does not serve.</param>
    public static EntityRecord? Restore(EntityRecord record, Func<string, int?> serving, long epoch)
    {
        var restored = false;
        SliceRecord[] slices = [.. record.Slices.Select(Restore)];
        return restored ? record with { Slices = [.. slices], Epoch = Math.Max(record.Epoch, epoch), WriteId = After(record.WriteId) } : null;

        SliceRecord Restore(SliceRecord slice)
        {
            if (slice.Before is not { Bytes: { } bytes } before || serving(slice.Module) is not { } schema || schema == slice.Schema) return slice;
            restored = true;
            return new SliceRecord(slice.Module, before.Schema, bytes, before.Version, before.Epoch).Over(slice);
        }
    }

    /// <summary>Another id for the next write, drawn from the last: an operator's act is not to change what the silos draw.</summary>
    static Guid After(Guid last)
    {
        Span<byte> bytes = stackalloc byte[16];
        last.TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) + 1);
        return new Guid(bytes);
    }
}
