using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Evergrain.Contracts;

namespace Evergrain.Core.State.Format;

/// <summary>An entity's record as bytes: the one form for every store that keeps bytes. Pure.</summary>
/// <remarks>
/// <c>E6 01</c>, four bytes of CRC-32C over entity id and fields, then the fields: number, length, content (<see cref="RecordField"/>).
/// The id is in the checksum, so that a record that lies under another's key is found out; it is not in the fields, since every store has it
/// as its key. A field that this host does not know is kept and written again, so that a newer host may add fields: what is known keeps its
/// content for ever. What an older host must not touch is written with another second byte, and is unreadable to it.
/// </remarks>
public static class RecordFormat
{
    const byte Magic = 0xE6, Version = 1;
    const int ChecksumAt = 2, FieldsAt = 6;

    public static byte[] Encode(EntityRecord record)
    {
        var writer = new FieldWriter();
        writer.Byte(Magic);
        writer.Byte(Version);
        writer.Fixed32(0);
        RecordFieldWriter.Write(writer, record);
        var bytes = writer.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(ChecksumAt), Checksum(record.Id, bytes.AsSpan(FieldsAt)));
        return bytes;
    }

    /// <exception cref="UnreadableRecordException">The bytes are not what was written for this entity, or a newer host wrote them.</exception>
    public static EntityRecord Decode(EntityId id, string etag, ReadOnlyMemory<byte> bytes)
    {
        if (WhyNot(id, bytes.Span) is { } why) throw Unreadable(why);
        try
        {
            return RecordFieldReader.Read(id, etag, bytes[FieldsAt..]);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException)
        {
            throw Unreadable($"its checksum is right, but its fields are not: {malformed.Message}");
        }

        UnreadableRecordException Unreadable(string reason) => new(new UnreadableRecord(id, etag, reason));
    }

    static string? WhyNot(EntityId id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FieldsAt) return $"it is cut off: there are {bytes.Length} bytes.";
        if (bytes[0] != Magic) return "these bytes are no record.";
        if (bytes[1] != Version) return $"it is of format {bytes[1]}, and this host reads {Version}: a newer host wrote it.";
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) == Checksum(id, bytes[FieldsAt..]) ? null : "its checksum is wrong: it is cut off, garbled, or of another entity.";
    }

    internal static uint Checksum(EntityId id, ReadOnlySpan<byte> fields)
    {
        Span<byte> name = stackalloc byte[EntityId.MaxKindLength + 1 + EntityId.MaxKeyLength];
        var length = Encoding.ASCII.GetBytes(id.Kind, name);
        name[length++] = (byte)'/';
        length += Encoding.ASCII.GetBytes(id.Key, name[length..]);
        return ~Add(Add(uint.MaxValue, name[..length]), fields);
    }

    static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..]) crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var one in bytes) crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}

/// <summary>The numbers of a record's fields. A number never changes its meaning, and the content of a field never its form: what is new gets a
/// new number. Fields with their default are left out; those of which there are several come once each.</summary>
internal enum RecordField
{
    Incarnation = 1,
    Epoch = 2,
    WriteId = 3,
    Created = 4,
    Slice = 5,
    Frames = 6,
    EventSequence = 7,
    Schedule = 8,
    LastScheduleId = 9,
    Outbox = 10,
    LastSendNumber = 11,
    Reply = 12,
    EvictionMark = 13,
    PrunedAt = 14,
    Owner = 15,
    Owned = 16,
    EarlierWrite = 17,
}
