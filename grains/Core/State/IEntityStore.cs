using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>Where entity records live, outside the silos. Safe from any thread.</summary>
/// <remarks>Every method may throw <see cref="StoreUnavailableException"/>; after a write that threw, nobody knows whether it was applied.</remarks>
public interface IEntityStore
{
    /// <summary>What the store can do beside reading and writing by id; what it cannot is refused with <c>store-cannot</c>.</summary>
    StoreCapabilities Capabilities { get; }

    /// <summary>Null when there is no record.</summary>
    /// <exception cref="UnreadableRecordException">There is one, and its bytes are not what was written. Other records are not affected.</exception>
    ValueTask<EntityRecord?> Read(EntityId id);

    /// <summary>Writes each record on its own condition; the outcomes stand in the order of the writes. An entity that needs waking is in
    /// the wake-up index before its record is there. Durable before it answers, where the store is durable at all.</summary>
    ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes);

    /// <summary>The wake-up index: entities with something to do, in any order.</summary>
    ValueTask<IReadOnlyList<EntityId>> WakeUps();

    /// <summary>Capability <see cref="StoreCapabilities.Scan"/>: a page of records, by kind and then key, in the order of their characters.</summary>
    ValueTask<EntityPage> List(EntityQuery query);
}

/// <summary>What a store can do beside reading and writing by id.</summary>
[Flags]
public enum StoreCapabilities
{
    None = 0,

    /// <summary>It can list its records.</summary>
    Scan = 1,

    /// <summary>Writes of many entities cost about as much as one.</summary>
    Batch = 2,
}

/// <param name="Record">The new record; with <paramref name="Delete"/>, the one to be removed.</param>
/// <param name="ExpectedEtag">The etag that the stored record must have; null when there must be none.</param>
public sealed record EntityWrite(EntityRecord Record, string? ExpectedEtag, bool Delete = false);

/// <summary>What one conditional write came to.</summary>
/// <param name="Etag">The new etag; null on a conflict and when the store refused.</param>
/// <param name="Record">The record as the store keeps it, where it keeps it in this process: so that there is one and not two.</param>
/// <param name="Refused">Why the store did not take it although nothing stood in its way; it never will be applied.</param>
public readonly record struct WriteOutcome(string? Etag, EntityRecord? Record = null, StoreRefusal? Refused = null)
{
    public bool Conflict => Etag is null && Refused is null;
}

/// <summary>A write that the store did not take: the record is larger than it keeps, or it is full.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="RetryAfterMs">Null: trying again will not help.</param>
public sealed record StoreRefusal(string Code, string Message, string Next, int? RetryAfterMs = null)
{
    /// <param name="bytes">How long the record would be, and how long one may be.</param>
    public static StoreRefusal TooLarge(EntityId id, int bytes, int most) => new(ErrorCodes.RecordTooLarge,
        $"{id} would be a record of {bytes} bytes; the store keeps {most}.", "Keep less in one entity: split it, or drop what is old.");
}
