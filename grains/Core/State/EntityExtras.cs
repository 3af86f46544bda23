using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.Frames;

namespace Evergrain.Core.State;

/// <summary>What most entities do not have: kept apart so that an idle one stays small. Immutable.</summary>
public sealed record EntityExtras
{
    public static readonly EntityExtras None = new();

    public ImmutableSortedDictionary<long, ScheduleEntry> Schedule { get; init; } = ImmutableSortedDictionary<long, ScheduleEntry>.Empty;

    /// <summary>The id of the last scheduled entry; ids are never used again.</summary>
    public long LastScheduleId { get; init; }

    /// <summary>By number: sends to one target leave in this order.</summary>
    public ImmutableSortedDictionary<long, OutboxEntry> Outbox { get; init; } = ImmutableSortedDictionary<long, OutboxEntry>.Empty;

    /// <summary>The number of the last send; numbers are never used again.</summary>
    public long LastSendNumber { get; init; }

    public IdempotencyWindow Window { get; init; } = IdempotencyWindow.Empty;
    public EntityId? Owner { get; init; }
    public ImmutableHashSet<EntityId> Owned { get; init; } = [];

    /// <summary>Whether an entity with these and this clock has something to do without being called.</summary>
    public bool NeedWakeUp(FrameCount frames) => frames.Running || Outbox.Count > 0 || Schedule.Count > 0;
}

/// <summary>A future call of the entity to itself.</summary>
/// <param name="ExpiresFrame">Dropped when it has not run by this frame; null: never.</param>
public sealed record ScheduleEntry(long Id, long DueFrame, long? EveryFrames, string Operation, ReadOnlyMemory<byte> Arguments, int Priority, long? ExpiresFrame)
{
    /// <summary>Why the serving version cannot run it; null when it has not tried. Known in memory only: who reads the record tries anew.</summary>
    public string? Held { get; init; }
}

/// <summary>A send that has left the turn but is not yet known to have arrived.</summary>
/// <param name="Key">Its idempotency key: the target runs it once, however often it is sent.</param>
public sealed record OutboxEntry(long Number, Guid Key, EntityId To, string Operation, ReadOnlyMemory<byte> Arguments, DateTimeOffset Since, long Epoch);
