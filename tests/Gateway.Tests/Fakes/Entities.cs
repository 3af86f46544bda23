using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Gateway.Tests.Fakes;

/// <summary>Stands for the entities behind the ops door: remembers what it was asked.</summary>
internal sealed class Entities : IEntityOps
{
    public List<EntityFilter> Listed { get; } = [];

    public Task<EntityList> List(EntityFilter filter, CancellationToken cancellation)
    {
        Listed.Add(filter);
        return Task.FromResult(new EntityList([new EntityRow(new EntityId(filter.Kind ?? "battle", "room-17"), "silo-1", 7, ["battle@1.1.0"])]) { Next = new EntityId("battle", "room-17") });
    }

    public Task<EntityView> Show(EntityId id, CancellationToken cancellation) =>
        Task.FromResult(new EntityView { Id = id, Epoch = 7, Slices = [], Schedule = [], Outbox = [], TrackedWork = [] });
}
