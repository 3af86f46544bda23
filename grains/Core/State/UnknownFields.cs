using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evergrain.Core.State;

/// <summary>Keeps the fields of a state that the running code does not know: they were written by a version that does, and must be there
/// for it after a turn and an undo. Follows objects, not the elements of arrays, which have no identity.</summary>
public static class UnknownFields
{
    /// <summary>What <paramref name="original"/> has and <paramref name="known"/>, the same state written again by the running code, has not.
    /// Null when that is nothing.</summary>
    public static byte[]? Extract(ReadOnlySpan<byte> original, ReadOnlySpan<byte> known)
    {
        if (original.SequenceEqual(known)) return null;
        if (Parse(original) is not JsonObject before || Parse(known) is not JsonObject after) return null;
        return OnlyIn(before, after) is { } unknown ? JsonSerializer.SerializeToUtf8Bytes(unknown, NodeJson.Default.JsonObject) : null;
    }

    /// <summary>Puts unknown fields back, where their object still exists and nothing of that name stands there now.</summary>
    public static byte[] Merge(byte[] known, byte[]? unknown)
    {
        if (unknown is null || Parse(known) is not JsonObject target || Parse(unknown) is not JsonObject source) return known;
        Add(source, target);
        return JsonSerializer.SerializeToUtf8Bytes(target, NodeJson.Default.JsonObject);
    }

    static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null; // Not JSON: a state of raw bytes has no fields to keep.
        }
    }

    static JsonObject? OnlyIn(JsonObject before, JsonObject after)
    {
        JsonObject? unknown = null;
        foreach (var (name, value) in before)
        {
            if (!after.TryGetPropertyValue(name, out var kept)) (unknown ??= [])[name] = value?.DeepClone();
            else if (value is JsonObject inner && kept is JsonObject keptInner && OnlyIn(inner, keptInner) is { } deeper) (unknown ??= [])[name] = deeper;
        }
        return unknown;
    }

    static void Add(JsonObject source, JsonObject target)
    {
        foreach (var (name, value) in source)
        {
            if (!target.TryGetPropertyValue(name, out var there)) target[name] = value?.DeepClone();
            else if (value is JsonObject inner && there is JsonObject thereInner) Add(inner, thereInner);
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonValue))]
internal sealed partial class NodeJson : System.Text.Json.Serialization.JsonSerializerContext;
