using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Gateway.Players;
using Evergrain.Gateway.Problems;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Calls;

/// <summary><c>POST /v1/call/{kind}/{key}/{operation}</c>: one call by HTTP.</summary>
internal sealed class CallDoor(IEntityCaller caller, PlayerTokens tokens, GatewayOptions options, TimeProvider time)
{
    const string Raw = "application/octet-stream";

    public async Task Call(HttpContext context)
    {
        var who = tokens.Caller(context);
        var findings = new List<Finding>();
        var headers = CallHeaders.Read(context.Request.Headers, findings);
        var (kind, key, operation) = (Route(context, "kind"), Route(context, "key"), Route(context, "operation"));
        if (!EntityId.TryCreate(kind, key, out var entity))
            findings.Add(new Finding(ErrorCodes.BadEntity, "path", $"'{kind}/{key}' is not an entity id.", CallLimits.EntityNext));
        if (!CallLimits.IsOperation(operation))
            findings.Add(new Finding(ErrorCodes.UnknownOperation, "path", $"'{operation}' is not an operation.", CallLimits.OperationNext));
        if (findings.Count > 0)
        {
            await ProblemWriter.Write(context, findings);
            return;
        }
        var reply = await caller.Call(new CallRequest
        {
            Entity = entity,
            Operation = operation,
            Arguments = await Arguments(context),
            Caller = who,
            Deadline = headers.DeadlineMs is { } ms ? time.GetUtcNow().AddMilliseconds(ms) : null,
            Key = headers.Key,
            SeenEpoch = headers.SeenEpoch,
        });
        await Answer(context, reply);
    }

    async ValueTask<byte[]> Arguments(HttpContext context)
    {
        var bytes = await RequestBytes.Read(context, options.MaxBodyBytes, ErrorCodes.BodyTooLarge);
        var raw = context.Request.ContentType?.StartsWith(Raw, StringComparison.OrdinalIgnoreCase) is true;
        if (!raw && bytes.Length > 0) JsonBody.Check(bytes);
        return bytes;
    }

    static Task Answer(HttpContext context, CallReply reply)
    {
        var response = context.Response;
        if (reply.Module != default) response.Headers[CallHeaders.VersionHeader] = reply.Module.ToString();
        if (reply.Epoch > 0) response.Headers[CallHeaders.EpochHeader] = reply.Epoch.ToString(CultureInfo.InvariantCulture);
        if (reply.Error is { } error) return ProblemWriter.Write(context, error);
        response.ContentType = reply.Raw ? Raw : "application/json";
        var body = reply.Result.IsEmpty && !reply.Raw ? "null"u8.ToArray() : reply.Result;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    static string Route(HttpContext context, string name) => context.GetRouteValue(name) as string ?? "";
}
