using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>Whether two shapes may share one schema number. A silo keeps fields that the running code does not know, along objects and
/// dictionaries; so a newer version may add optional fields there, and nothing else may differ.</summary>
public static class StateShape
{
    /// <param name="where">What the findings point at, such as the kind.</param>
    /// <param name="older">The shape of the lower version.</param>
    /// <param name="newer">The shape of the higher version.</param>
    /// <returns>Every difference that needs a new schema number; empty when they may share one.</returns>
    public static IReadOnlyList<Finding> Compare(string where, JsonElement older, JsonElement newer)
    {
        var findings = new List<Finding>();
        Compare(where, ShapeReferences.Expand(older), ShapeReferences.Expand(newer), inArray: false, findings);
        return findings;
    }

    static void Compare(string where, JsonElement older, JsonElement newer, bool inArray, List<Finding> findings)
    {
        if (JsonShape.Canonical(older) == JsonShape.Canonical(newer)) return;
        if (Part(older, "properties") is { } olderFields && Part(newer, "properties") is { } newerFields && SameBut(older, newer, "properties", "required"))
            CompareFields(where, (older, olderFields), (newer, newerFields), inArray, findings);
        else if (Part(older, "additionalProperties") is { } olderValues && Part(newer, "additionalProperties") is { } newerValues && SameBut(older, newer, "additionalProperties"))
            Compare($"{where}[*]", olderValues, newerValues, inArray, findings);
        else if (Part(older, "items") is { } olderItems && Part(newer, "items") is { } newerItems && SameBut(older, newer, "items"))
            Compare($"{where}[]", olderItems, newerItems, inArray: true, findings);
        else
            findings.Add(Changed(where, $"The shape of {where} changed from {JsonShape.Canonical(older)} to {JsonShape.Canonical(newer)}."));
    }

    static void CompareFields(string where, (JsonElement Node, JsonElement Fields) older, (JsonElement Node, JsonElement Fields) newer, bool inArray, List<Finding> findings)
    {
        inArray |= ContainsItselfInArray(newer.Node, inItems: false);
        var (olderRequired, newerRequired) = (Required(older.Node), Required(newer.Node));
        foreach (var field in older.Fields.EnumerateObject())
        {
            var path = $"{where}.{field.Name}";
            if (!newer.Fields.TryGetProperty(field.Name, out var now)) findings.Add(Changed(path, $"The field {path} was taken away."));
            else if (olderRequired.Contains(field.Name) != newerRequired.Contains(field.Name))
                findings.Add(Changed(path, $"The field {path} was {(olderRequired.Contains(field.Name) ? "required and is optional now" : "optional and is required now")}."));
            else Compare(path, field.Value, now, inArray, findings);
        }
        foreach (var field in newer.Fields.EnumerateObject())
        {
            if (older.Fields.TryGetProperty(field.Name, out _)) continue;
            var path = $"{where}.{field.Name}";
            if (newerRequired.Contains(field.Name))
                findings.Add(Changed(path, $"The field {path} was added and is not optional: older states lack it. A nullable type or a default value makes it optional."));
            else if (inArray)
                findings.Add(Changed(path, $"The field {path} was added inside an array's elements, where an older version would lose it."));
        }
    }

    // A type that holds an array of itself: what is added to it is added inside the array's elements too.
    static bool ContainsItselfInArray(JsonElement node, bool inItems) => node.ValueKind switch
    {
        JsonValueKind.Object => node.EnumerateObject().Any(property => property.Name == "$ref" && property.Value.ValueKind == JsonValueKind.String
            ? inItems && property.Value.GetString()!.StartsWith('^') : ContainsItselfInArray(property.Value, inItems || property.Name == "items")),
        JsonValueKind.Array => node.EnumerateArray().Any(item => ContainsItselfInArray(item, inItems)),
        _ => false,
    };

    static Finding Changed(string path, string message) =>
        new("schema/shape-changed", path, message, "Raise the schema number and declare the migrations from and to the older one.");

    static JsonElement? Part(JsonElement node, string name) =>
        node.ValueKind == JsonValueKind.Object && node.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? part : null;

    static HashSet<string> Required(JsonElement node) =>
        node.TryGetProperty("required", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? [.. listed.EnumerateArray().Select(name => name.GetString()!)] : [];

    static bool SameBut(JsonElement older, JsonElement newer, params ReadOnlySpan<string> parts) => Rest(older, parts) == Rest(newer, parts);

    static string Rest(JsonElement node, ReadOnlySpan<string> parts)
    {
        var rest = new List<string>();
        foreach (var property in node.EnumerateObject())
            if (!parts.Contains(property.Name) && property.Name is not ("default" or "description")) rest.Add($"{property.Name}:{JsonShape.Canonical(property.Value)}");
        rest.Sort(StringComparer.Ordinal);
        return string.Join(',', rest);
    }
}
