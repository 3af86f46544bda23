using System.Buffers;

namespace Evergrain.Gateway.Socket;

/// <summary>One encoded message in a rented buffer. Whoever takes it last returns it.</summary>
internal readonly struct PooledMessage(byte[] buffer, int length)
{
    public ReadOnlyMemory<byte> Bytes => new(buffer, 0, length);

    public void Return() => ArrayPool<byte>.Shared.Return(buffer);
}

/// <summary>Collects written bytes in a rented buffer that is handed on as a <see cref="PooledMessage"/>.</summary>
internal sealed class PooledWriter : IBufferWriter<byte>
{
    const int InitialSize = 512;

    byte[]? buffer;
    int written;

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => Room(sizeHint).AsMemory(written);

    public Span<byte> GetSpan(int sizeHint = 0) => Room(sizeHint).AsSpan(written);

    /// <summary>Forgets what an encoding that failed half-way left behind.</summary>
    public void Discard() => written = 0;

    public PooledMessage Take()
    {
        var message = new PooledMessage(buffer ?? ArrayPool<byte>.Shared.Rent(1), written);
        buffer = null;
        written = 0;
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
        buffer = larger;
        return larger;
    }
}
