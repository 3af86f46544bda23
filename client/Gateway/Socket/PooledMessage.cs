using System.Buffers;

namespace Evergrain.Gateway.Socket;

/// <summary>One encoded message in a rented buffer. Whoever takes it last returns it.</summary>
internal readonly struct PooledMessage(byte[] buffer, int length)
{
    public ReadOnlyMemory<byte> Bytes => new(buffer, 0, length);

    public void Return() => ArrayPool<byte>.Shared.Return(buffer);
}
