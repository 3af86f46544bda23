using System.Buffers.Binary;
using System.Text;

namespace Evergrain.Core.State.Format;

/// <summary>Writes numbers, texts and fields one after another.</summary>
internal sealed class FieldWriter
{
    const int MaxVarint = 10;
    byte[] buffer = new byte[256];
    int length;

    public byte[] ToArray() => buffer.AsSpan(0, length).ToArray();

    public void Byte(byte value) => Room(1)[length++] = value;

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(sizeof(uint)).AsSpan(length), value);
        length += sizeof(uint);
    }

    public void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(sizeof(ulong)).AsSpan(length), value);
        length += sizeof(ulong);
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Id(Guid value)
    {
        value.TryWriteBytes(Room(16).AsSpan(length), bigEndian: true, out _);
        length += 16;
    }

    /// <summary>Small numbers, of either sign, take few bytes.</summary>
    public void Number(long value)
    {
        Room(MaxVarint);
        length += Varint(buffer.AsSpan(length), (ulong)(value << 1 ^ value >> 63));
    }

    public void Text(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        Number(count);
        length += Encoding.UTF8.GetBytes(value, Room(count).AsSpan(length));
    }

    /// <summary>With its length before it.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length).AsSpan(length));
        length += value.Length;
    }

    /// <summary>Begins a field; what <see cref="End"/> needs to know.</summary>
    public int Begin(RecordField field)
    {
        Number((int)field);
        return length;
    }

    public void End(int begin)
    {
        Span<byte> prefix = stackalloc byte[MaxVarint];
        var count = length - begin;
        prefix = prefix[..Varint(prefix, (ulong)count << 1)];
        Room(prefix.Length);
        buffer.AsSpan(begin, count).CopyTo(buffer.AsSpan(begin + prefix.Length));
        prefix.CopyTo(buffer.AsSpan(begin));
        length += prefix.Length;
    }

    static int Varint(Span<byte> target, ulong value)
    {
        var i = 0;
        for (; value >= 0x80; value >>= 7) target[i++] = (byte)(value | 0x80);
        target[i++] = (byte)value;
        return i;
    }

    byte[] Room(int more)
    {
        if (buffer.Length - length < more) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
        return buffer;
    }
}
