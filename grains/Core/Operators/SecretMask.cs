using System.Buffers;
using System.Text.Json;

namespace Evergrain.Core.Operators;

/// <summary>Takes the secrets out of a state that an operator is shown. Pure.</summary>
public static class SecretMask
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Masked = "(secret)";

    /// <param name="secrets">Ways to what is secret: see <see cref="ModuleSdk.SliceBuilder{TState}.Secret"/>.</param>
    public static JsonElement Mask(JsonElement state, IReadOnlyCollection<string> secrets)
    {
        if (secrets.Count == 0) return state;
        var bytes = new ArrayBufferWriter<byte>();
        using (var to = new Utf8JsonWriter(bytes)) Write(to, state, [.. secrets.Select(path => path.Split('.'))], 0);
        using var masked = JsonDocument.Parse(bytes.WrittenMemory);
        return masked.RootElement.Clone();
    }

    static void Write(Utf8JsonWriter to, JsonElement value, IReadOnlyList<string[]> ways, int depth)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                to.WriteStartObject();
                foreach (var member in value.EnumerateObject()) WriteMember(to, member, ways, depth);
                to.WriteEndObject();
                break;
            case JsonValueKind.Array:
                to.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(to, item, ways, depth);
                to.WriteEndArray();
                break;
            case JsonValueKind.Null:
                to.WriteNullValue();
                break;
            default:
                // The way leads on and the value does not: it is written in another form than its module says, and anything may be in it.
                to.WriteStringValue(Masked);
                break;
        }
    }

    static void WriteMember(Utf8JsonWriter to, JsonProperty member, IReadOnlyList<string[]> ways, int depth)
    {
        to.WritePropertyName(member.Name);
        string[][] further = [.. ways.Where(way => way[depth] == "*" || way[depth] == member.Name)];
        if (further.Length == 0) member.Value.WriteTo(to);
        else if (further.Any(way => way.Length == depth + 1)) to.WriteStringValue(Masked);
        else Write(to, member.Value, further, depth + 1);
    }
}
