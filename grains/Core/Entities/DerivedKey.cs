using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>Keys of calls that a call makes: the same when the outer call is sent again, so that the inner ones run once too.</summary>
internal static class DerivedKey
{
    public static Guid For(Guid outer, EntityId entity, int ordinal)
    {
        Span<byte> text = stackalloc byte[16 + 4 + EntityId.MaxKindLength + EntityId.MaxKeyLength];
        outer.TryWriteBytes(text, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(text[16..], ordinal);
        var length = 20 + Encoding.ASCII.GetBytes(entity.Kind, text[20..]);
        length += Encoding.ASCII.GetBytes(entity.Key, text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        UuidV7.TryGetTime(outer, out var time);
        return UuidV7.Create(time, hash);
    }

    /// <summary>What a key stands for: operation and arguments.</summary>
    public static ulong BodyHash(string operation, ReadOnlySpan<byte> arguments)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(operation));
        hash.AppendData("\0"u8);
        hash.AppendData(arguments);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.TryGetHashAndReset(digest, out _);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
