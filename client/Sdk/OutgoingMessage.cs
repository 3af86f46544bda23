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

/// <summary>Collects written bytes in a rented buffer.</summary>
internal sealed class PooledWriter : IBufferWriter<byte>
{
    const int InitialSize = 512;

    byte[]? buffer;
    int written;

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(written);

    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(written);

    public void Discard() => written = 0;

    public OutgoingMessage Take()
    {
        var message = new OutgoingMessage(buffer ?? ArrayPool<byte>.Shared.Rent(1), written);
        (buffer, written) = (null, 0);
        return message;
    }

    byte[] Room(int sizeHint)
    {
        var needed = written + Math.Max(sizeHint, 1);
        if (buffer is not null && buffer.Length >= needed) return buffer;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer is null ? InitialSize : buffer.Length * 2));
        if (buffer is not null)
        {
            buffer.AsSpan(0, written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return buffer = larger;
    }
}
