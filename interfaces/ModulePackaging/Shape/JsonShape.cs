using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModulePackaging;

/// <summary>The JSON schema of a type, and its canonical form: keys in order, without defaults and descriptions, which change no shape.</summary>
public static class JsonShape
{
    static readonly JsonSchemaExporterOptions Options = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = MarkRequired };

    public static JsonElement Describe(JsonTypeInfo type) => ToElement(type.GetJsonSchemaAsNode(Options));

    /// <summary>SHA-256 of the canonical form, lower-case hex.</summary>
    public static string Fingerprint(JsonElement shape) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(ShapeReferences.Expand(shape)))));

    /// <summary>Of a shape that was written out.</summary>
    internal static string Canonical(JsonElement shape)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes)) Write(writer, shape, named: false);
        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    // A constructor parameter that has no default and must not be null is not optional, whatever the serializer lets pass: a state
    // written before the field existed would come back with a null or a zero that nobody chose. One that may be null is.
    static JsonNode MarkRequired(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object || schema is not JsonObject node || node["properties"] is not JsonObject properties) return schema;
        var required = context.TypeInfo.Properties
            .Where(property => properties.ContainsKey(property.Name) && (property.IsRequired || IsNeeded(property.AssociatedParameter)))
            .Select(property => property.Name).Order(StringComparer.Ordinal).ToArray();
        if (required.Length > 0) node["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        else node.Remove("required");
        return node;
    }

    static bool IsNeeded(JsonParameterInfo? parameter) =>
        parameter is { HasDefaultValue: false, IsNullable: false } && (!parameter.IsMemberInitializer || !parameter.ParameterType.IsValueType);

    static JsonElement ToElement(JsonNode node) => JsonDocument.Parse(node.ToJsonString()).RootElement;

    // Under "properties" the keys are names of fields, so that a field called "default" counts.
    static void Write(Utf8JsonWriter writer, JsonElement value, bool named)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (!named && property.Name is ("default" or "description")) continue;
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, !named && property.Name == "properties");
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item, named: false);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
