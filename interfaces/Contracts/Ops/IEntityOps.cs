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

    /// <summary>Stored entities as lines of JSON, secrets included.</summary>
    /// <param name="kind">Only this kind; null for all.</param>
    /// <param name="limit">1 to <see cref="ExportPage.MaxLines"/>; a page may hold fewer and not be the last.</param>
    Task<ExportPage> Export(string? kind, EntityId? after, int limit, CancellationToken cancellation);

    /// <summary>Judges lines of an export and, unless it is a dry run, writes them. A part is applied only if nothing of it is wrong; the same part again changes nothing.</summary>
    /// <param name="lines">At most <see cref="ExportPage.MaxLines"/>.</param>
    Task<ImportReport> Import(IReadOnlyList<string> lines, ImportRequest request, string actor, CancellationToken cancellation);

    /// <summary>Reads a page of records against the published schemas and says what would not load.</summary>
    Task<StateReport> CheckState(string? kind, EntityId? after, CancellationToken cancellation);
}
