namespace Evergrain.Contracts.Ops;

/// <summary>What the ops door asks about entities. Bad input is a <see cref="FindingsException"/> with every finding; what the store cannot do
/// is <see cref="ErrorCodes.StoreCannot"/>. Safe from any thread.</summary>
public interface IEntityOps
{
    Task<EntityList> List(EntityFilter filter, CancellationToken cancellation);

    /// <summary>One entity, with what its modules mark as secret masked.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.NotFound"/>.</exception>
    Task<EntityView> Show(EntityId id, CancellationToken cancellation);
}
