using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>Which records to list.</summary>
/// <param name="Kind">Null: of every kind.</param>
/// <param name="Limit">At most so many; 1 or more.</param>
/// <param name="After">The last entity of the page before; null: from the beginning.</param>
/// <param name="SinceEpoch">Only records that were last written at this epoch or later. Default: all.</param>
public sealed record EntityQuery(string? Kind = null, int Limit = int.MaxValue, EntityId? After = null, long SinceEpoch = 0)
{
    /// <summary>The order of every listing: by kind, then by key, in the order of their characters.</summary>
    public static readonly Comparer<EntityId> Order = Comparer<EntityId>.Create(static (a, b) =>
        string.CompareOrdinal(a.Kind, b.Kind) is not 0 and var order ? order : string.CompareOrdinal(a.Key, b.Key));

    public bool Takes(EntityRecord record) =>
        (Kind is null || record.Id.Kind == Kind) && record.Epoch >= SinceEpoch && (After is not { } after || Order.Compare(record.Id, after) > 0);
}

/// <summary>Part of a listing.</summary>
/// <param name="Unreadable">Records of this part that cannot be read.</param>
/// <param name="Next">What to ask the next part after; null when this is the last.</param>
public sealed record EntityPage(IReadOnlyList<EntityRecord> Records, IReadOnlyList<UnreadableRecord> Unreadable, EntityId? Next);

/// <summary>A record whose bytes are not what was written.</summary>
/// <param name="Etag">With it the record can be removed or replaced.</param>
public sealed record UnreadableRecord(EntityId Id, string Etag, string Why);
