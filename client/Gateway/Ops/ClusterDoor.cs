using System.Globalization;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Calls;
using Evergrain.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/status</c>, <c>/v1/ops/entities</c>, <c>/v1/ops/events</c> and <c>/v1/ops/silos</c>.</summary>
internal sealed class ClusterDoor(IClusterOps cluster)
{
    const int DefaultLimit = 100;
    const int MaxLimit = 10_000;

    public async Task Status(HttpContext context) =>
        await OpsReply.Write(context, await cluster.Status(context.RequestAborted), ContractsJson.Default.ClusterStatus);

    public async Task Entities(HttpContext context)
    {
        var findings = new List<Finding>();
        string? kind = context.Request.Query["kind"];
        if (kind is not null && !EntityId.IsKind(kind))
            findings.Add(new Finding(ErrorCodes.BadRequest, "kind", $"'{kind}' is not an entity kind.", "Send a kind such as battle, or leave it out."));
        var limit = DefaultLimit;
        string? limitText = context.Request.Query["limit"];
        if (limitText is not null && !(int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit))
            findings.Add(new Finding(ErrorCodes.BadRequest, "limit", $"'{limitText}' is not a limit.", $"Send 1 to {MaxLimit}, or leave it out for {DefaultLimit}."));
        if (findings.Count > 0)
            await ProblemWriter.Write(context, findings);
        else
            await OpsReply.Write(context, await cluster.Entities(kind, limit, context.RequestAborted), ContractsJson.Default.IReadOnlyListEntityRow);
    }

    public async Task Entity(HttpContext context)
    {
        var (kind, key) = (context.GetRouteValue("kind") as string, context.GetRouteValue("key") as string);
        if (!EntityId.TryCreate(kind, key, out var id))
            await ProblemWriter.Write(context, ErrorCodes.BadEntity, $"'{kind}/{key}' is not an entity id.", CallLimits.EntityNext);
        else
            await OpsReply.Write(context, await cluster.Entity(id, context.RequestAborted), ContractsJson.Default.EntityView);
    }

    public async Task Kill(HttpContext context)
    {
        await cluster.KillSilo(context.GetRouteValue("id") as string ?? "", context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public Task Events(HttpContext context) => EventStream.Write(context, cluster.Events(context.RequestAborted));
}
