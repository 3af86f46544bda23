using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/status</c>, <c>/v1/ops/events</c> and <c>/v1/ops/silos</c>.</summary>
internal sealed class ClusterDoor(IClusterOps cluster)
{
    public async Task Status(HttpContext context) =>
        await OpsReply.Write(context, await cluster.Status(context.RequestAborted), ContractsJson.Default.ClusterStatus);

    public async Task Kill(HttpContext context)
    {
        await cluster.KillSilo(context.GetRouteValue("id") as string ?? "", context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    public Task Events(HttpContext context) => EventStream.Write(context, cluster.Events(context.RequestAborted));
}
