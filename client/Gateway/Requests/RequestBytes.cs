using System.Buffers;
using Evergrain.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Evergrain.Gateway.Requests;

/// <summary>Reads a whole request body, up to a limit.</summary>
internal static class RequestBytes
{
    /// <param name="tooLarge">The error code past the limit.</param>
    /// <exception cref="FindingsException"><paramref name="tooLarge"/>, or <c>upload-incomplete</c>: the body ended before its announced length.</exception>
    public static async ValueTask<byte[]> Read(HttpContext context, long limit, string tooLarge)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
            feature.MaxRequestBodySize = null;
        if (context.Request.ContentLength > limit) throw TooLarge(tooLarge, limit);
        try
        {
            return await ReadToEnd(context, limit, tooLarge);
        }
        catch (Exception exception) when (exception is BadHttpRequestException or IOException)
        {
            throw Incomplete(exception.Message);
        }
    }

    static async ValueTask<byte[]> ReadToEnd(HttpContext context, long limit, string tooLarge)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            // Without the token of the request: a client that has closed only its sending side still hears what was wrong.
            var read = await reader.ReadAsync(CancellationToken.None);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw TooLarge(tooLarge, limit);
            }
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            var bytes = read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.End);
            return context.Request.ContentLength is { } announced && bytes.Length != announced
                ? throw Incomplete($"{bytes.Length} of {announced} bytes came")
                : bytes;
        }
    }

    static FindingsException TooLarge(string code, long limit) =>
        new(code, $"The body is larger than {limit} bytes.", "Send less, or raise the limit in the host's options.");

    static FindingsException Incomplete(string why) =>
        new(ErrorCodes.UploadIncomplete, $"The body was cut off: {why.TrimEnd('.')}.", "Send it again; nothing was kept of the part that came.");
}
