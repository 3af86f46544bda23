using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Calls;
using Evergrain.Gateway.Problems;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/entities</c>.</summary>
internal sealed class EntityDoor(IEntityOps entities)
{
    public async Task List(HttpContext context)
    {
        var findings = new List<Finding>();
        var query = new QueryMembers(context.Request.Query, findings);
        var filter = new EntityFilter
        {
            Kind = query.Kind("kind"),
            WrittenBy = query.Module("writtenBy"),
            SinceEpoch = query.Number("sinceEpoch", 0, long.MaxValue, otherwise: 0),
            Limit = (int)query.Number("limit", 1, EntityFilter.MaxLimit, EntityFilter.DefaultLimit),
            After = query.Entity("after"),
        };
        query.NothingElse();
        if (findings.Count > 0) await ProblemWriter.Write(context, findings);
        else await OpsReply.Write(context, await entities.List(filter, context.RequestAborted), ContractsJson.Default.EntityList);
    }

    public async Task Show(HttpContext context)
    {
        if (await Named(context) is { } id) await OpsReply.Write(context, await entities.Show(id, context.RequestAborted), ContractsJson.Default.EntityView);
    }

    /// <summary>The entity of the path; null when it is none, and that was answered.</summary>
    static async Task<EntityId?> Named(HttpContext context)
    {
        var (kind, key) = (context.GetRouteValue("kind") as string, context.GetRouteValue("key") as string);
        if (EntityId.TryCreate(kind, key, out var id)) return id;
        await ProblemWriter.Write(context, ErrorCodes.BadEntity, $"'{kind}/{key}' is not an entity id.", CallLimits.EntityNext);
        return null;
    }
}
