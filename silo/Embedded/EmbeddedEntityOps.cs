using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Entities;
using Evergrain.Core.Operators;

namespace Evergrain.Embedded;

/// <summary>The ops door's way to the entities of the cluster.</summary>
internal sealed class EmbeddedEntityOps(EmbeddedCluster cluster) : IEntityOps
{
    readonly EntityListing listing = new(cluster.Ports.Entities, kind => cluster.Members.SelectMany(silo => silo.Entities.Rows(kind)));
    readonly PublishedSecrets secrets = new(cluster.Ports.Packages);
    readonly QuarantineOps quarantine = new(cluster);
    readonly StateTransfer transfer = new(cluster.Ports.Entities, cluster.Ports.Cluster, cluster.Ports.Packages, async (id, cancellation) =>
    {
        foreach (var silo in cluster.Members) await silo.Entities.Forget(id, cancellation);
    });

    public Task<EntityList> List(EntityFilter filter, CancellationToken cancellation) => listing.List(filter);

    public async Task<EntityView> Show(EntityId id, CancellationToken cancellation) => await secrets.Masked(await Look(id), cancellation);

    public Task<QuarantineList> Quarantined(EntityId? after, int limit, CancellationToken cancellation) => quarantine.List(after, limit);
    public Task<QuarantineOutcome> Retry(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => quarantine.Retry(id, reason, actor, cancellation);
    public Task<QuarantineOutcome> Restore(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => quarantine.Restore(id, reason, actor, cancellation);
    public Task<QuarantineOutcome> Discard(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => quarantine.Discard(id, reason, actor, cancellation);

    public Task<ExportPage> Export(string? kind, EntityId? after, int limit, CancellationToken cancellation) => transfer.Export(kind, after, limit);
    public Task<StateReport> CheckState(string? kind, EntityId? after, CancellationToken cancellation) => transfer.Check(kind, after, cancellation);

    public async Task<ImportReport> Import(IReadOnlyList<string> lines, ImportRequest request, string actor, CancellationToken cancellation)
    {
        var report = await transfer.Import(lines, request, cancellation);
        if (!request.DryRun && report.Created + report.Replaced > 0)
            cluster.Tell(new OpsEvent("entity", cluster.Ports.Time.GetUtcNow(), $"{actor} imported entities: {report.Created} created, {report.Replaced} replaced."));
        return report;
    }

    async Task<EntityView> Look(EntityId id)
    {
        EntityActivation? active = null;
        foreach (var silo in cluster.Members)
        {
            if (silo.Entities.Active(id) is not { } found) continue;
            if (EntityInspection.View(found) is { } view) return view;
            active = found;
        }
        var record = await StoreAnswers.Asked(() => cluster.Ports.Entities.Read(id));
        return record is { Created: true } ? EntityInspection.View(record, active)
            : throw new FindingsException(ErrorCodes.NotFound, $"There is no entity {id}.", "See 'entities list' for those that exist.");
    }
}
