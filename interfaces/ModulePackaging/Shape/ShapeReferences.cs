using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evergrain.ModulePackaging;

/// <summary>Writes a schema out. The exporter says a type once and points there from everywhere else, so that the order of fields would
/// show in the shape; here each place has its own copy, and only a type that contains itself points, by how many levels it goes up.</summary>
internal sealed class ShapeReferences(JsonElement root)
{
    // Far beyond any state of a game; past it a pointer stays what it is.
    const int MaxNodes = 20_000;
    int nodes;

    public static JsonElement Expand(JsonElement shape) =>
        JsonDocument.Parse(new ShapeReferences(shape).Expand(shape, ["#"])?.ToJsonString() ?? "null").RootElement;

    JsonNode? Expand(JsonElement node, List<string> path)
    {
        nodes++;
        return node.ValueKind switch
        {
            JsonValueKind.Object when Target(node) is { } pointer => Follow(node, pointer, path),
            JsonValueKind.Object => ExpandObject(node, path),
            JsonValueKind.Array => new JsonArray([.. node.EnumerateArray().Select((item, index) => Down(item, path, index.ToString()))]),
            _ => JsonValue.Create(node),
        };
    }

    JsonObject ExpandObject(JsonElement node, List<string> path)
    {
        var written = new JsonObject();
        foreach (var property in node.EnumerateObject()) written[property.Name] = Down(property.Value, path, property.Name);
        return written;
    }

    JsonNode? Follow(JsonElement node, string pointer, List<string> path)
    {
        if (path.LastIndexOf(pointer) is >= 0 and var ancestor) return new JsonObject { ["$ref"] = $"^{path.Count - ancestor}" };
        if (nodes > MaxNodes || Resolve(pointer) is not { } target) return JsonNode.Parse(node.GetRawText());
        path.Add(pointer);
        var written = Expand(target, path);
        path.RemoveAt(path.Count - 1);
        if (written is JsonObject whole)
            foreach (var property in node.EnumerateObject())
                if (property.Name != "$ref") whole[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        return written;
    }

    JsonNode? Down(JsonElement node, List<string> path, string name)
    {
        path.Add($"{path[^1]}/{name.Replace("~", "~0").Replace("/", "~1")}");
        var written = Expand(node, path);
        path.RemoveAt(path.Count - 1);
        return written;
    }

    JsonElement? Resolve(string pointer)
    {
        var at = root;
        foreach (var part in pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/").Replace("~0", "~")))
        {
            if (at.ValueKind == JsonValueKind.Object && at.TryGetProperty(part, out var inner)) at = inner;
            else if (at.ValueKind == JsonValueKind.Array && int.TryParse(part, out var index) && index >= 0 && index < at.GetArrayLength()) at = at[index];
            else return null;
        }
        return at;
    }

    static string? Target(JsonElement node) =>
        node.TryGetProperty("$ref", out var target) && target.ValueKind == JsonValueKind.String && target.GetString() is { } pointer && pointer.StartsWith('#') ? pointer : null;
}
