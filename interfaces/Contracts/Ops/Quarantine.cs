namespace Evergrain.Contracts.Ops;

/// <summary>Why an operator does something that is told and logged with their name.</summary>
public sealed record OperatorReason(string? Reason);

/// <summary>A page of quarantined entities, by kind and key.</summary>
public sealed record QuarantineList(IReadOnlyList<QuarantinedEntity> Entities)
{
    /// <summary>What to ask the next page after; null when this is the last.</summary>
    public EntityId? Next { get; init; }
}

/// <summary>An entity that answers <see cref="ErrorCodes.EntityQuarantined"/>; its stored bytes are untouched.</summary>
public sealed record QuarantinedEntity(EntityId Id, string Silo, CallError Why);

/// <summary>What became of a quarantined entity.</summary>
/// <param name="Serves">It was brought to the serving versions.</param>
/// <param name="Why">Why it does not serve; null when it does, or is gone.</param>
public sealed record QuarantineOutcome(EntityId Id, bool Serves, CallError? Why = null);
