namespace Evergrain.Contracts.Ops;

/// <summary>What the ops door asks about entities. Bad input is a <see cref="FindingsException"/> with every finding; what the store cannot do
/// is <see cref="ErrorCodes.StoreCannot"/>. Safe from any thread.</summary>
public interface IEntityOps
{
    Task<EntityList> List(EntityFilter filter, CancellationToken cancellation);

    /// <summary>One entity, with what its modules mark as secret masked.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.NotFound"/>.</exception>
    Task<EntityView> Show(EntityId id, CancellationToken cancellation);

    /// <summary>The entities that could not be brought to the serving versions, as far as something wanted them since those serve.</summary>
    /// <param name="limit">1 to <see cref="EntityFilter.MaxLimit"/>.</param>
    Task<QuarantineList> Quarantined(EntityId? after, int limit, CancellationToken cancellation);

    /// <summary>Tries again to bring a quarantined entity to the serving versions.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.NotQuarantined"/>.</exception>
    Task<QuarantineOutcome> Retry(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation);

    /// <summary>Gives the slices that cannot be brought to the serving schema the bytes back that they had before their schema became what it is; what was
    /// written since goes the other way, so that a second restore takes it back.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.NotQuarantined"/>, <see cref="ErrorCodes.NothingToRestore"/>.</exception>
    Task<QuarantineOutcome> Restore(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation);

    /// <summary>Removes the record of a quarantined entity, or one that cannot be read, with all that it had to send. There is no way back.</summary>
    /// <exception cref="FindingsException"><see cref="ErrorCodes.NotFound"/>, <see cref="ErrorCodes.NotQuarantined"/>.</exception>
    Task<QuarantineOutcome> Discard(EntityId id, OperatorReason reason, string actor, CancellationToken cancellation);
}
