using System.Text.Json;
using Evergrain.Contracts;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Requests;

/// <summary>Reads a JSON request body.</summary>
internal static class JsonBody
{
    /// <param name="emptyAs">What an empty body stands for; null when it is no JSON.</param>
    /// <exception cref="FindingsException"><c>bad-json</c>, <c>body-too-large</c>, <c>upload-incomplete</c>.</exception>
    public static async ValueTask<JsonDocument> Read(HttpContext context, int limit, string? emptyAs = null)
    {
        var bytes = await RequestBytes.Read(context, limit, ErrorCodes.BodyTooLarge);
        if (bytes.Length == 0 && emptyAs is not null) return JsonDocument.Parse(emptyAs);
        try
        {
            return JsonDocument.Parse(bytes);
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    /// <exception cref="FindingsException"><c>bad-json</c>.</exception>
    public static void Check(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read()) { }
        }
        catch (JsonException exception)
        {
            throw NotJson(exception);
        }
    }

    static FindingsException NotJson(JsonException exception) =>
        new(ErrorCodes.BadJson, $"The body is not JSON: {exception.Message}", "Send one JSON value as UTF-8.");
}
