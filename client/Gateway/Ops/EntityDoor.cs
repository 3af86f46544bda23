using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Calls;
using Evergrain.Gateway.Problems;
using Evergrain.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Ops;

/// <summary><c>/v1/ops/entities</c> and <c>/v1/ops/quarantine</c>.</summary>
internal sealed class EntityDoor(IEntityOps entities, GatewayOptions options)
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

    public async Task Quarantined(HttpContext context)
    {
        var findings = new List<Finding>();
        var query = new QueryMembers(context.Request.Query, findings);
        var (after, limit) = (query.Entity("after"), (int)query.Number("limit", 1, EntityFilter.MaxLimit, EntityFilter.DefaultLimit));
        query.NothingElse();
        if (findings.Count > 0) await ProblemWriter.Write(context, findings);
        else await OpsReply.Write(context, await entities.Quarantined(after, limit, context.RequestAborted), ContractsJson.Default.QuarantineList);
    }

    public Task Retry(HttpContext context) => Act(context, entities.Retry, needsReason: false);
    public Task Restore(HttpContext context) => Act(context, entities.Restore, needsReason: true);
    public Task Discard(HttpContext context) => Act(context, entities.Discard, needsReason: true);

    async Task Act(HttpContext context, Func<EntityId, OperatorReason, string, CancellationToken, Task<QuarantineOutcome>> act, bool needsReason)
    {
        if (await Named(context) is not { } id) return;
        using var body = await JsonBody.Read(context, options.MaxBodyBytes, emptyAs: "{}");
        var reason = new OperatorReason(RolloutBodies.Abort(body.RootElement).Reason);
        if (needsReason && string.IsNullOrWhiteSpace(reason.Reason))
            throw new FindingsException(ErrorCodes.BadRequest, "'reason' is missing: what is lost to an entity is told and logged with why.", "Send {\"reason\": \"…\"}.");
        await OpsReply.Write(context, await act(id, reason, OpsDoor.Actor, context.RequestAborted), ContractsJson.Default.QuarantineOutcome);
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
