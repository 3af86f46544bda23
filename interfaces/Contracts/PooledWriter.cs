using System.Buffers;

namespace Evergrain.Contracts;

/// <summary>Collects written bytes in a rented buffer that is handed on: what either end of a socket encodes its messages with. For one
/// thread at a time.</summary>
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

    /// <summary>What was written, in a buffer that the caller returns to the shared pool; the next message goes into another.</summary>
    public byte[] Take(out int length)
    {
        var taken = buffer ?? ArrayPool<byte>.Shared.Rent(1);
        (length, buffer, written) = (written, null, 0);
        return taken;
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
