using System.Text.Json;

namespace Evergrain.Runtime.Compatibility;

/// <summary>Whether a JSON value fits a schema: the part of JSON Schema that the packer writes. Pure.</summary>
public static class JsonFit
{
    /// <param name="name">What the value is called in the messages.</param>
    /// <param name="most">So many mistakes are enough.</param>
    public static IReadOnlyList<(string Path, string Message)> Check(string name, JsonElement value, JsonElement schema, int most)
    {
        var wrong = new List<(string Path, string Message)>();
        Check(name, value, schema, schema, wrong, most);
        return [.. wrong.Take(most)];
    }

    static void Check(string path, JsonElement value, JsonElement schema, JsonElement root, List<(string, string)> wrong, int most)
    {
        schema = Resolve(schema, root);
        if (schema.ValueKind != JsonValueKind.Object || wrong.Count >= most) return;
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(value, name)))
        {
            wrong.Add((path, $"{path} is {Kind(value)}, not {string.Join(" or ", Types(type))}."));
            return;
        }
        if (schema.TryGetProperty("enum", out var names) && !names.EnumerateArray().Any(name => JsonElement.DeepEquals(name, value)))
            wrong.Add((path, $"{path} is {value.GetRawText()}, not one of {names.GetRawText()}."));
        if (value.ValueKind == JsonValueKind.Object) CheckObject(path, value, schema, root, wrong, most);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            foreach (var (index, item) in value.EnumerateArray().Index()) Check($"{path}[{index}]", item, items, root, wrong, most);
    }

    static void CheckObject(string path, JsonElement value, JsonElement schema, JsonElement root, List<(string, string)> wrong, int most)
    {
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!))
                if (!value.TryGetProperty(name, out _)) wrong.Add(($"{path}.{name}", $"{path}.{name} is missing."));
        var known = schema.TryGetProperty("properties", out var fields);
        foreach (var property in value.EnumerateObject())
        {
            if (known && fields.TryGetProperty(property.Name, out var field)) Check($"{path}.{property.Name}", property.Value, field, root, wrong, most);
            else if (schema.TryGetProperty("additionalProperties", out var other)) Check($"{path}.{property.Name}", property.Value, other, root, wrong, most);
        }
    }

    static JsonElement Resolve(JsonElement schema, JsonElement root)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("$ref", out var pointer)) return schema;
        var at = root;
        foreach (var part in pointer.GetString()!.Split('/').Skip(1))
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part.Replace("~1", "/").Replace("~0", "~"), out at)) return default;
        return at;
    }

    static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(name => name.GetString()!) : [type.GetString()!];

    static bool Is(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "integer" => value.ValueKind == JsonValueKind.Number && (value.TryGetInt64(out _) || value.TryGetUInt64(out _)),
        "number" => value.ValueKind == JsonValueKind.Number,
        _ => true,
    };

    static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => value.GetRawText(),
    };
}
