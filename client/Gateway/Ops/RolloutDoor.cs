using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/rollouts</c>, <c>/v1/ops/undo</c> and <c>/v1/ops/releases</c>.</summary>
internal sealed class RolloutDoor(IClusterOps cluster, GatewayOptions options)
{
    public async Task Start(HttpContext context)
    {
        using var body = await JsonBody.Read(context, options.MaxBodyBytes);
        var request = RolloutBodies.Rollout(body.RootElement);
        await Accepted(context, await cluster.StartRollout(request, OpsDoor.Actor, context.RequestAborted));
    }

    public async Task Undo(HttpContext context)
    {
        using var body = await JsonBody.Read(context, options.MaxBodyBytes, emptyAs: "{}");
        var request = RolloutBodies.Undo(body.RootElement);
        await Accepted(context, await cluster.Undo(request, OpsDoor.Actor, context.RequestAborted));
    }

    public async Task Abort(HttpContext context)
    {
        using var body = await JsonBody.Read(context, options.MaxBodyBytes, emptyAs: "{}");
        var request = RolloutBodies.Abort(body.RootElement);
        var status = await cluster.AbortRollout(Id(context), request, OpsDoor.Actor, context.RequestAborted);
        await OpsReply.Write(context, status, ContractsJson.Default.RolloutStatus);
    }

    public async Task Show(HttpContext context) =>
        await OpsReply.Write(context, await cluster.Rollout(Id(context), context.RequestAborted), ContractsJson.Default.RolloutStatus);

    public async Task History(HttpContext context) =>
        await OpsReply.Write(context, await cluster.History(context.RequestAborted), ContractsJson.Default.IReadOnlyListReleaseStatus);

    static Task Accepted(HttpContext context, RolloutAccepted accepted)
    {
        context.Response.Headers.Location = $"/v1/ops/rollouts/{Uri.EscapeDataString(accepted.Id)}";
        return OpsReply.Write(context, accepted, ContractsJson.Default.RolloutAccepted, StatusCodes.Status202Accepted);
    }

    static string Id(HttpContext context) => context.GetRouteValue("id") as string ?? "";
}
