using System.Text;
using System.Text.Json;

namespace Evergrain.Runtime.Samples;

/// <summary>Between the bytes of turns and the JSON of samples: what is no JSON is written as base64.</summary>
internal static class SampleBytes
{
    public static JsonElement ToJson(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var parsed = JsonDocument.Parse(bytes);
            return parsed.RootElement.Clone();
        }
        catch (JsonException)
        {
            return Base64(bytes);
        }
    }

    public static JsonElement Base64(ReadOnlyMemory<byte> bytes)
    {
        using var parsed = JsonDocument.Parse($"\"{Convert.ToBase64String(bytes.Span)}\"");
        return parsed.RootElement.Clone();
    }

    /// <summary>Null when the operation is raw and the arguments are no base64.</summary>
    public static byte[]? OfArguments(JsonElement? arguments, bool raw) =>
        arguments is not { } given ? []
            : !raw ? Utf8(given)
            : given.ValueKind == JsonValueKind.String && given.TryGetBytesFromBase64(out var bytes) ? bytes : null;

    public static byte[] Utf8(JsonElement value) => Encoding.UTF8.GetBytes(value.GetRawText());
}
