using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Gateway.Problems;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Players;

/// <summary><c>POST /v1/login {"name","secret"?}</c> → <c>{"token"}</c>.</summary>
internal sealed class LoginDoor(PlayerTokens tokens, GatewayOptions options, IPlayerAuthenticator? authenticator = null)
{
    public async Task Login(HttpContext context)
    {
        var findings = new List<Finding>();
        string? name, secret;
        using (var body = await JsonBody.Read(context, options.MaxBodyBytes))
        {
            var members = new BodyMembers(body.RootElement, findings);
            name = members.Text("name", required: true);
            secret = members.Text("secret");
            members.NothingElse();
        }
        if (name is not null && (!EntityId.IsKey(name) || name == CallRequest.Anonymous))
            findings.Add(new Finding(ErrorCodes.BadRequest, "name", $"'{name}' cannot be a player's name.",
                $"Choose 1 to {EntityId.MaxKeyLength} ASCII letters, digits or - _ . : @ ~ +, and not '{CallRequest.Anonymous}'."));
        if (findings.Count > 0)
        {
            await ProblemWriter.Write(context, findings);
            return;
        }
        if (await WhyRefused(context, name!, secret) is { } refusal)
        {
            await ProblemWriter.Write(context, refusal);
            return;
        }
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("token", tokens.Issue(name!));
        json.WriteEndObject();
    }

    async ValueTask<CallError?> WhyRefused(HttpContext context, string name, string? secret)
    {
        if (authenticator is not null)
            return await authenticator.Authenticate(name, secret, context.RequestAborted) ? null
                : new CallError(ErrorCodes.Unauthorized, Ran.No, $"The login as '{name}' was refused.", "Check name and secret.");
        return LocalCaller.WhyNot(context) is not { } why ? null
            : new CallError(ErrorCodes.Forbidden, Ran.No, $"This host has no authenticator, so players log in on its own machine only; {why}.",
                "Configure an IPlayerAuthenticator, or connect through localhost.");
    }
}
