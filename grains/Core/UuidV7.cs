using System.Buffers.Binary;

namespace Evergrain.Core;

/// <summary>UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then version, variant and 74 bits of the maker's.</summary>
public static class UuidV7
{
    /// <param name="bits">16 bytes of chance or of a hash; time, version and variant overwrite their places.</param>
    public static Guid Create(DateTimeOffset time, ReadOnlySpan<byte> bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        bits[..16].CopyTo(bytes);
        var milliseconds = time.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(milliseconds >> 16));
        BinaryPrimitives.WriteInt16BigEndian(bytes[4..], (short)milliseconds);
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x70);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>False when the id is of another version.</summary>
    public static bool TryGetTime(Guid id, out DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        time = default;
        if (bytes[6] >> 4 != 7) return false;
        var milliseconds = (long)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16 | BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return true;
    }
}
