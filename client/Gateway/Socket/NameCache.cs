namespace Evergrain.Gateway.Socket;

/// <summary>Remembers what the last few names of a connection came to, since a player says the same ones again and again. Not thread-safe.</summary>
internal struct NameCache<T>
{
    const int Size = 8;

    (byte[] Name, T Value)[]? entries;

    public readonly bool TryGet(ReadOnlySpan<byte> name, out T value)
    {
        if (entries is not null && !name.IsEmpty)
        {
            ref var entry = ref entries[Slot(name)];
            if (entry.Name is not null && name.SequenceEqual(entry.Name))
            {
                value = entry.Value;
                return true;
            }
        }
        value = default!;
        return false;
    }

    public void Put(ReadOnlySpan<byte> name, T value)
    {
        if (!name.IsEmpty) (entries ??= new (byte[], T)[Size])[Slot(name)] = (name.ToArray(), value);
    }

    static int Slot(ReadOnlySpan<byte> name) => (name.Length * 7 + name[^1] + name[name.Length / 2] * 3) & (Size - 1);
}
