using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Evergrain.Benchmarks.Migrate;

/// <summary>The same step in a tagged binary form, to know what such a codec would give: for each field a byte that names it, then its value, in any order.
/// Not a format that ships.</summary>
internal static class TaggedHero
{
    // More than the sample state needs; a codec that ships would grow it.
    const int Room = 512;

    public static byte[] Up(byte[] one)
    {
        var old = Read(one);
        return Write(old with { Copper = old.Copper * 100 });
    }

    public static byte[] Write(HeroTwo hero)
    {
        Span<byte> room = stackalloc byte[Room];
        var to = room;
        Text(ref to, 1, hero.Name);
        Number(ref to, 2, hero.Level);
        Number(ref to, 3, hero.Copper);
        Number(ref to, 4, hero.Health);
        Number(ref to, 5, hero.Mana);
        Number(ref to, 6, BitConverter.DoubleToInt64Bits(hero.X));
        Number(ref to, 7, BitConverter.DoubleToInt64Bits(hero.Y));
        Number(ref to, 8, hero.Online ? 1 : 0);
        Text(ref to, 9, hero.Guild);
        Bytes(ref to, 10, MemoryMarshal.AsBytes<int>(hero.Skills));
        return room[..^to.Length].ToArray();
    }

    public static HeroTwo Read(ReadOnlySpan<byte> from)
    {
        var (name, guild, online) = ("", "", false);
        long level = 0, copper = 0, health = 0, mana = 0;
        double x = 0, y = 0;
        int[] skills = [];
        while (from.Length > 0)
        {
            var tag = from[0];
            from = from[1..];
            switch (tag)
            {
                case 1: name = Encoding.UTF8.GetString(Bytes(ref from)); break;
                case 2: level = Number(ref from); break;
                case 3: copper = Number(ref from); break;
                case 4: health = Number(ref from); break;
                case 5: mana = Number(ref from); break;
                case 6: x = BitConverter.Int64BitsToDouble(Number(ref from)); break;
                case 7: y = BitConverter.Int64BitsToDouble(Number(ref from)); break;
                case 8: online = Number(ref from) != 0; break;
                case 9: guild = Encoding.UTF8.GetString(Bytes(ref from)); break;
                case 10: skills = MemoryMarshal.Cast<byte, int>(Bytes(ref from)).ToArray(); break;
                default: throw new FormatException($"There is no field {tag}.");
            }
        }
        return new HeroTwo(name, (int)level, copper, (int)health, (int)mana, x, y, online, guild, skills);
    }

    static void Number(ref Span<byte> to, byte tag, long value)
    {
        to[0] = tag;
        BinaryPrimitives.WriteInt64LittleEndian(to[1..], value);
        to = to[9..];
    }

    static void Text(ref Span<byte> to, byte tag, string value)
    {
        to[0] = tag;
        var length = Encoding.UTF8.GetBytes(value, to[3..]);
        BinaryPrimitives.WriteUInt16LittleEndian(to[1..], (ushort)length);
        to = to[(3 + length)..];
    }

    static void Bytes(ref Span<byte> to, byte tag, ReadOnlySpan<byte> value)
    {
        to[0] = tag;
        BinaryPrimitives.WriteUInt16LittleEndian(to[1..], (ushort)value.Length);
        value.CopyTo(to[3..]);
        to = to[(3 + value.Length)..];
    }

    static long Number(ref ReadOnlySpan<byte> from)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(from);
        from = from[8..];
        return value;
    }

    static ReadOnlySpan<byte> Bytes(ref ReadOnlySpan<byte> from)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(from);
        var value = from.Slice(2, length);
        from = from[(2 + length)..];
        return value;
    }
}
