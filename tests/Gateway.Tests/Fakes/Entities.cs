using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Gateway.Tests.Fakes;

/// <summary>Stands for the entities behind the ops door: remembers what it was asked.</summary>
internal sealed class Entities : IEntityOps, IStoreBackup
{
    public List<EntityFilter> Listed { get; } = [];

    public Task<EntityList> List(EntityFilter filter, CancellationToken cancellation)
    {
        Listed.Add(filter);
        return Task.FromResult(new EntityList([new EntityRow(new EntityId(filter.Kind ?? "battle", "room-17"), "silo-1", 7, ["battle@1.1.0"])]) { Next = new EntityId("battle", "room-17") });
    }

    public Task<EntityView> Show(EntityId id, CancellationToken cancellation) =>
        Task.FromResult(new EntityView { Id = id, Epoch = 7, Slices = [], Schedule = [], Outbox = [], TrackedWork = [] });

    public List<string> Done { get; } = [];

    public Task<QuarantineList> Quarantined(EntityId? after, int limit, CancellationToken cancellation)
    {
        Done.Add($"list after {after} {limit}");
        return Task.FromResult(new QuarantineList([new QuarantinedEntity(new("battle", "room-17"), "silo-1", new CallError(ErrorCodes.EntityQuarantined, Ran.No, "no step", "wait"))]));
    }

    public Task<QuarantineOutcome> Retry(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => Did("retry", id, reason, actor);
    public Task<QuarantineOutcome> Restore(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => Did("restore", id, reason, actor);
    public Task<QuarantineOutcome> Discard(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation) => Did("discard", id, reason, actor);

    public Task<ExportPage> Export(string? kind, EntityId? after, int limit, CancellationToken cancellation)
    {
        Done.Add($"export {kind} {after} {limit}");
        return Task.FromResult(new ExportPage(["{}"], []) { Next = new EntityId("battle", "room-17") });
    }

    public Task<ImportReport> Import(IReadOnlyList<string> lines, ImportRequest request, string actor, CancellationToken cancellation)
    {
        Done.Add($"{actor} import {string.Join('|', lines)} {request.Existing} {request.DryRun} {request.FirstLine}");
        return Task.FromResult(new ImportReport(lines.Count, 0, 0, 0));
    }

    public Task<StateReport> CheckState(string? kind, EntityId? after, CancellationToken cancellation)
    {
        Done.Add($"check {kind} {after}");
        return Task.FromResult(new StateReport(1, new Dictionary<string, long>(), []));
    }

    public Task<Stream> Backup(CancellationToken cancellation) => Task.FromResult<Stream>(new MemoryStream([1, 2, 3]));

    Task<QuarantineOutcome> Did(string what, EntityId id, OperatorReason reason, string actor)
    {
        Done.Add($"{actor} {what} {id} {reason.Reason}");
        return Task.FromResult(new QuarantineOutcome(id, Serves: true));
    }
}
