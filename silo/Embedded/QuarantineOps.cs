using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Entities;
using Evergrain.Core.Operators;
using Evergrain.Core.State;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>What operators do with entities that could not be brought to the serving versions. Each act is told as an event and logged, with who did it and
/// why. Records are written on the condition that nobody else has. Safe from any thread.</summary>
internal sealed partial class QuarantineOps(EmbeddedCluster cluster)
{
    const string Caller = "operator/ops"; // entities alone may wake entities
    readonly ILogger logger = cluster.Ports.Logging.CreateLogger("Evergrain.Operators");

    public Task<QuarantineList> List(EntityId? after, int limit)
    {
        var found = cluster.Members.SelectMany(silo => silo.Entities.QuarantinedHere().Select(pair => new QuarantinedEntity(pair.Key, silo.Id, pair.Value)))
            .DistinctBy(entity => entity.Id).Where(entity => after is not { } from || EntityQuery.Order.Compare(entity.Id, from) > 0)
            .OrderBy(entity => entity.Id, EntityQuery.Order).Take(limit + 1).ToArray();
        return Task.FromResult(found.Length > limit ? new QuarantineList(found[..limit]) { Next = found[limit - 1].Id } : new QuarantineList(found));
    }

    public async Task<QuarantineOutcome> Retry(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation)
    {
        MustBeQuarantined(id);
        await Forget(id, cancellation);
        return Tell(await Wake(id), "tried again", reason, actor);
    }

    public async Task<QuarantineOutcome> Restore(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation)
    {
        MustBeQuarantined(id);
        var record = await StoreAnswers.Asked(() => cluster.Ports.Entities.Read(id)) ?? throw NoEntity(id);
        var release = (await StoreAnswers.Asked(() => cluster.Ports.Cluster.Read(cancellation))).Release;
        var serving = new Dictionary<string, int?>(StringComparer.Ordinal);
        foreach (var package in release.Packages)
            if (await StoreAnswers.Asked(() => cluster.Ports.Packages.Find(package.Name, package.Version, cancellation)) is { } found)
                serving[package.Name] = found.Manifest.Slices.FirstOrDefault(slice => slice.Kind == id.Kind)?.Schema;
        var restored = EarlierState.Restore(record, serving.GetValueOrDefault, release.Epoch)
            ?? throw new FindingsException(ErrorCodes.NothingToRestore, $"{id} has no state of an earlier schema.", "Roll out a version that can migrate it, import it from an export, or discard it.");
        await Write(new EntityWrite(restored, record.Etag));
        await Forget(id, cancellation);
        return Tell(await Wake(id), "restored the state before of", reason, actor);
    }

    public async Task<QuarantineOutcome> Discard(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation)
    {
        await Write(await Removal(id));
        await Forget(id, cancellation);
        return Tell(new QuarantineOutcome(id, Serves: false), "discarded", reason, actor);
    }

    // A record that cannot be read quarantines its entity without any silo's knowing it beforehand.
    async Task<EntityWrite> Removal(EntityId id)
    {
        try
        {
            var record = await cluster.Ports.Entities.Read(id) ?? throw NoEntity(id);
            MustBeQuarantined(id);
            return new EntityWrite(record, record.Etag, Delete: true);
        }
        catch (UnreadableRecordException unreadable)
        {
            return new EntityWrite(new EntityRecord { Id = id, Epoch = 0, WriteId = Guid.Empty, Created = false }, unreadable.Record.Etag, Delete: true);
        }
        catch (StoreUnavailableException unavailable)
        {
            return await StoreAnswers.Asked<EntityWrite>(() => throw unavailable);
        }
    }

    async Task Write(EntityWrite write)
    {
        var outcome = (await StoreAnswers.Asked(() => cluster.Ports.Entities.Write([write]), Ran.Unknown))[0];
        if (outcome.Refused is { } refused) throw new CallFailedException(new CallError(refused.Code, Ran.No, refused.Message, refused.Next) { RetryAfterMs = refused.RetryAfterMs });
        if (outcome.Conflict) throw new FindingsException(ErrorCodes.StoreConflict, $"{write.Record.Id} was written by another meanwhile; nothing was done.", "Look at it, and try again if it still needs it.");
    }

    async Task Forget(EntityId id, CancellationToken cancellation)
    {
        foreach (var silo in cluster.Members) await silo.Entities.Forget(id, cancellation);
    }

    async Task<QuarantineOutcome> Wake(EntityId id)
    {
        var reply = await cluster.Call(new CallRequest { Entity = id, Operation = EntitySilo.WakeOperation, Caller = Caller });
        return new QuarantineOutcome(id, reply.Ok, reply.Error);
    }

    void MustBeQuarantined(EntityId id)
    {
        if (cluster.Members.Any(silo => silo.Entities.WhyQuarantined(id) is not null)) return;
        throw new FindingsException(ErrorCodes.NotQuarantined, $"{id} is not known to be quarantined.", "See 'entities quarantined' for those that are; one that nothing has wanted since a rollout is found out by a call to it.");
    }

    QuarantineOutcome Tell(QuarantineOutcome outcome, string what, OperatorReason reason, string actor)
    {
        Log(logger, actor, what, outcome.Id, reason.Reason ?? "no reason given", outcome.Why?.Message ?? "done");
        cluster.Tell(new OpsEvent("entity", cluster.Ports.Time.GetUtcNow(),
            $"{actor} {what} {outcome.Id}: {reason.Reason ?? "no reason given"}.{(outcome.Why is { } why ? $" It does not serve: {why.Message}" : "")}"));
        return outcome;
    }

    static FindingsException NoEntity(EntityId id) => new(ErrorCodes.NotFound, $"There is no entity {id}.", "See 'entities list' for those that exist.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} {What} {Entity} ({Reason}): {Outcome}")]
    static partial void Log(ILogger logger, string actor, string what, EntityId entity, string reason, string outcome);
}
