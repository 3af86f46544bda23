using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModuleSdk;

/// <summary>Takes fields of a state that a migration step does not know over to what it made: a later version of the older schema wrote them, and must find
/// them again after an undo. Of the state itself, not of objects inside it, of which a step may make anything.</summary>
internal sealed class CarriedFields
{
    readonly byte[][]? known;
    readonly HashSet<string> taken;

    public CarriedFields(JsonTypeInfo from, JsonTypeInfo to)
    {
        // A type that takes every field itself, or in any spelling, leaves nothing to be carried.
        var carries = from.Kind == JsonTypeInfoKind.Object && to.Kind == JsonTypeInfoKind.Object && !from.Options.PropertyNameCaseInsensitive && !from.Properties.Any(property => property.IsExtensionData);
        known = carries ? [.. from.Properties.Select(property => System.Text.Encoding.UTF8.GetBytes(property.Name))] : null;
        taken = carries ? [.. to.Properties.Select(property => property.Name)] : [];
    }

    /// <param name="made">What the step made of it; the same where there is nothing to carry.</param>
    public byte[] Carry(ReadOnlySpan<byte> state, byte[] made)
    {
        if (known is null) return made;
        List<Range>? carried = null;
        var reader = new Utf8JsonReader(state);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return made;
        for (var i = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; i++)
        {
            var start = (int)reader.TokenStartIndex;
            var name = IsKnown(ref reader, i) ? null : reader.GetString()!;
            reader.Skip();
            // What begins with $ is the serializer's own, as a type's name is.
            if (name is not null && name[..1] != "$" && !taken.Contains(name)) (carried ??= []).Add(start..(int)reader.BytesConsumed);
        }
        return carried is null ? made : Append(made, state, carried);
    }

    // Fields mostly stand in the order in which the type declares them.
    bool IsKnown(ref Utf8JsonReader reader, int expected)
    {
        if (expected < known!.Length && reader.ValueTextEquals(known[expected])) return true;
        foreach (var name in known)
            if (reader.ValueTextEquals(name)) return true;
        return false;
    }

    static byte[] Append(byte[] made, ReadOnlySpan<byte> state, List<Range> carried)
    {
        using var all = new MemoryStream(made.Length + state.Length);
        all.Write(made.AsSpan(..^1));
        for (var i = 0; i < carried.Count; i++)
        {
            if (i > 0 || made.Length > 2) all.WriteByte((byte)',');
            all.Write(state[carried[i]]);
        }
        all.WriteByte((byte)'}');
        return all.ToArray();
    }
}
