using System.Buffers;

namespace Evergrain.Client;

/// <summary>One encoded message in a rented buffer, given back when the last of its users lets go: the call that may send it again, and the writer.</summary>
internal sealed class OutgoingMessage(byte[] buffer, int length)
{
    int users = 1;

    public ReadOnlyMemory<byte> Bytes => new(buffer, 0, length);

    public void Use() => Interlocked.Increment(ref users);

    public void Release()
    {
        if (Interlocked.Decrement(ref users) == 0) ArrayPool<byte>.Shared.Return(buffer);
    }
}
