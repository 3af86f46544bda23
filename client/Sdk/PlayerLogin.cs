using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Client;

/// <summary>Logs a player in by HTTP.</summary>
public static class PlayerLogin
{
    static readonly HttpClient Shared = new();

    /// <summary>The session token.</summary>
    /// <param name="socket">The socket's address, <c>ws://…/v1/socket</c>; the login stands beside it.</param>
    /// <exception cref="CallFailedException">The gateway refused, or cannot be reached (<c>connection-lost</c>).</exception>
    public static async Task<string> Token(Uri socket, string name, string? secret = null, HttpClient? http = null, CancellationToken cancellation = default)
    {
        using var content = new ByteArrayContent(Body(name, secret));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await (http ?? Shared).PostAsync(Address(socket), content, cancellation).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw new CallFailedException(Problem(body, (int)response.StatusCode));
            using var json = JsonDocument.Parse(body);
            return json.RootElement.GetProperty("token").GetString()!;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            throw new CallFailedException(new CallError(ErrorCodes.ConnectionLost, Ran.No, $"The login at {Address(socket)} failed: {exception.Message}",
                "Check that the host runs and that the address is its own."));
        }
    }

    static Uri Address(Uri socket) => new UriBuilder(socket)
    {
        Scheme = socket.Scheme is "wss" or "https" ? "https" : "http",
        Path = socket.AbsolutePath[..(socket.AbsolutePath.LastIndexOf('/') + 1)] + "login",
        Query = "",
    }.Uri;

    static byte[] Body(string name, string? secret)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            if (secret is not null) json.WriteString("secret", secret);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    static CallError Problem(byte[] body, int status)
    {
        try
        {
            if (JsonSerializer.Deserialize(body, ContractsJson.Default.Problem) is { } problem)
                return new CallError(problem.Code, problem.Ran, problem.Detail, problem.Next) { Reason = problem.Reason, RetryAfterMs = problem.RetryAfterMs };
        }
        catch (JsonException exception)
        {
            return new CallError(ErrorCodes.Internal, Ran.Unknown, $"The answer {status} is not one of an Evergrain gateway: {exception.Message}", "Check the address.");
        }
        return new CallError(ErrorCodes.Internal, Ran.Unknown, $"The answer {status} is empty.", "Check the address.");
    }
}
