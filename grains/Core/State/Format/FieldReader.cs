using System.Buffers.Binary;
using System.Text;

namespace Evergrain.Core.State.Format;

/// <summary>Reads what a <see cref="FieldWriter"/> wrote. Whatever the bytes are, it ends, and reads nothing beyond them.</summary>
/// <remarks>Every method throws <see cref="FormatException"/> where the bytes cannot be what it is to read.</remarks>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> bytes = bytes;
    int at;

    public readonly int Position => at;
    public readonly bool AtEnd => at == bytes.Length;

    public byte Byte() => Take(1)[0];
    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));
    public Guid Id() => new(Take(16), bigEndian: true);
    public string Text() => Encoding.UTF8.GetString(Bytes());
    public ReadOnlySpan<byte> Bytes() => Take(Length());

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"{other} is neither yes nor no."),
    };

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return (long)(value >> 1) ^ -(long)(value & 1);
        }
        throw new FormatException("A number does not end.");
    }

    public int Int() => Number() is >= int.MinValue and <= int.MaxValue and var number ? (int)number : throw new FormatException("A number is too large.");

    /// <summary>The next field.</summary>
    public FieldReader Field(out long number)
    {
        number = Number();
        return new FieldReader(Bytes());
    }

    /// <summary>The content of a known field never grows.</summary>
    public readonly void End()
    {
        if (!AtEnd) throw new FormatException($"{bytes.Length - at} bytes are left over in a field.");
    }

    int Length() => Number() is >= 0 and <= int.MaxValue and var length ? (int)length : throw new FormatException("A length is out of range.");

    ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - at) throw new FormatException($"{count} bytes are to follow, and {bytes.Length - at} do.");
        var taken = bytes.Slice(at, count);
        at += count;
        return taken;
    }
}
