using System.Security.Claims;
using Evergrain.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Evergrain.Gateway.Players;

/// <summary>Session tokens: ASP.NET's bearer tokens, opaque to the client, protected by the host's data protection keys.</summary>
internal sealed class PlayerTokens(IOptionsMonitor<BearerTokenOptions> bearer, GatewayOptions options, TimeProvider time)
{
    public const string Scheme = "Evergrain";

    ISecureDataFormat<AuthenticationTicket> Format => bearer.Get(Scheme).BearerTokenProtector;

    public string Issue(string name)
    {
        var player = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], Scheme));
        var properties = new AuthenticationProperties { ExpiresUtc = time.GetUtcNow() + options.TokenLifetime };
        return Format.Protect(new AuthenticationTicket(player, properties, Scheme));
    }

    /// <summary>The caller of this request: a player's name, or <c>anonymous</c> without a token.</summary>
    /// <exception cref="CallFailedException"><c>unauthorized</c>: there is a token, and it is none of ours or too old.</exception>
    public string Caller(HttpContext context)
    {
        var token = Token(context.Request);
        if (token is null) return CallRequest.Anonymous;
        var ticket = Format.Unprotect(token);
        if (ticket?.Principal.Identity?.Name is { } name && ticket.Properties.ExpiresUtc > time.GetUtcNow()) return name;
        throw new CallFailedException(new CallError(ErrorCodes.Unauthorized, Ran.No,
            "The session token is not one of this gateway, or it has expired.", "Log in again with POST /v1/login, or send no token to play as anonymous."));
    }

    /// <summary>Browsers cannot set headers on a WebSocket, hence the query.</summary>
    static string? Token(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } header, ..])
            return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header["Bearer ".Length..].Trim() : header;
        return request.Query.TryGetValue("token", out var query) && query is [{ } token, ..] ? token : null;
    }
}
