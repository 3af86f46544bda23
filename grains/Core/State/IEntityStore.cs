using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>Where entity records live, outside the silos. Safe from any thread.</summary>
/// <remarks>Every method may throw <see cref="StoreUnavailableException"/>; after a write that threw, nobody knows whether it was applied.</remarks>
public interface IEntityStore
{
    /// <summary>Null when there is no record.</summary>
    ValueTask<EntityRecord?> Read(EntityId id);

    /// <summary>Writes each record on its own condition; the outcomes stand in the order of the writes. An entity that needs waking is in
    /// the wake-up index before its record is there.</summary>
    ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes);

    /// <summary>The wake-up index: entities with something to do, in any order.</summary>
    ValueTask<IReadOnlyList<EntityId>> WakeUps();

    /// <summary>Capability <c>scan</c>: entities by kind, at most so many.</summary>
    ValueTask<IReadOnlyList<EntityRecord>> List(string? kind, int limit);
}

/// <param name="Record">The new record; with <paramref name="Delete"/>, the one to be removed.</param>
/// <param name="ExpectedEtag">The etag that the stored record must have; null when there must be none.</param>
public sealed record EntityWrite(EntityRecord Record, string? ExpectedEtag, bool Delete = false);

/// <summary>What one conditional write came to.</summary>
/// <param name="Etag">The new etag; null on a conflict.</param>
/// <param name="Record">The record as the store keeps it, where it keeps it in this process: so that there is one and not two.</param>
public readonly record struct WriteOutcome(string? Etag, EntityRecord? Record = null)
{
    public bool Conflict => Etag is null;
}

public sealed class StoreUnavailableException(string message) : Exception(message);
