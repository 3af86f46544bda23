using System.Net;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Problems;

/// <summary>Tells whether a request was made on this machine, by the user of this machine.</summary>
internal static class LocalCaller
{
    /// <summary>Null when it was, else why it does not count as such.</summary>
    /// <remarks>A proxy on this machine, or a web page that a browser on this machine shows, speaks for someone else although its connection is local.</remarks>
    public static string? WhyNot(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
            return "the connection comes from another machine";
        var headers = context.Request.Headers;
        if (headers.ContainsKey("X-Forwarded-For") || headers.ContainsKey("Forwarded"))
            return "the request was forwarded by a proxy";
        if (!IsLocalName(context.Request.Host.Host))
            return $"the request is for host '{context.Request.Host.Host}'";
        if (headers.Origin is [{ } origin, ..] && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLocalName(page.Host)))
            return $"the request was made by a page of '{origin}'";
        return null;
    }

    static bool IsLocalName(string host) =>
        host.Length == 0
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
