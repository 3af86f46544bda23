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

    public Task<EntityList> List(EntityFilter filter, CancellationToken cancellation) => listing.List(filter);

    public async Task<EntityView> Show(EntityId id, CancellationToken cancellation) => await secrets.Masked(await Look(id), cancellation);

    public Task<QuarantineList> Quarantined(EntityId? after, int limit, CancellationToken cancellation) => quarantine.List(after, limit);
    public Task<QuarantineOutcome> Retry(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => quarantine.Retry(id, reason, actor, cancellation);
    public Task<QuarantineOutcome> Restore(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => quarantine.Restore(id, reason, actor, cancellation);
    public Task<QuarantineOutcome> Discard(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => quarantine.Discard(id, reason, actor, cancellation);

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
