using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evergrain.Core.State;

/// <summary>Keeps the fields of a state that the running code does not know: they were written by a version that does, and must be there
/// for it after a turn and an undo. Follows objects, not the elements of arrays, which have no identity.</summary>
public static class UnknownFields
{
    // What is kept of an object is {"whole": fields that are unknown, "inner": what is kept of the known ones}. Only unknown fields are put
    // back: a known one that is gone was taken away by the running code.
    const string Whole = "whole", Inner = "inner";

    /// <summary>What <paramref name="original"/> has and <paramref name="known"/>, the same state written again by the running code, has not.
    /// Null when that is nothing; else for <see cref="Merge"/>, in a form of its own.</summary>
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
        JsonObject? whole = null, inner = null;
        foreach (var (name, value) in before)
        {
            if (!after.TryGetPropertyValue(name, out var kept)) (whole ??= [])[name] = value?.DeepClone();
            else if (value is JsonObject was && kept is JsonObject known && OnlyIn(was, known) is { } deeper) (inner ??= [])[name] = deeper;
        }
        return whole is null && inner is null ? null : new JsonObject { [Whole] = whole, [Inner] = inner };
    }

    static void Add(JsonObject kept, JsonObject target)
    {
        if (kept[Whole] is JsonObject whole)
            foreach (var (name, value) in whole) target.TryAdd(name, value?.DeepClone());
        if (kept[Inner] is JsonObject inner)
            foreach (var (name, value) in inner)
                if (value is JsonObject deeper && target[name] is JsonObject there) Add(deeper, there);
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
[System.Text.Json.Serialization.JsonSerializable(typeof(JsonValue))]
internal sealed partial class NodeJson : System.Text.Json.Serialization.JsonSerializerContext;
