using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;

namespace Evergrain.Core.Operators;

/// <summary>Lists entities: those that are stored, with those that are active and not stored yet. One page reads a bounded number of records,
/// however few of them are wanted. Safe from any thread.</summary>
/// <param name="active">The entities of a kind, or of all kinds, that are active now.</param>
public sealed class EntityListing(IEntityStore store, Func<string?, IEnumerable<EntityRow>> active)
{
    /// <summary>Records that one page may read.</summary>
    public const int MostRead = 10_000;

    const int ReadAtOnce = 1_000;

    /// <exception cref="FindingsException"><c>store-cannot</c>.</exception>
    /// <exception cref="CallFailedException"><c>store-unavailable</c>.</exception>
    public async Task<EntityList> List(EntityFilter filter)
    {
        store.Need(StoreCapabilities.Scan, "list entities");
        // Before the store is read: one that is written meanwhile is found in one of the two.
        var live = active(filter.Kind).DistinctBy(row => row.Id).ToDictionary(row => row.Id);
        var rows = new List<EntityRow>();
        var (after, read, unreadable) = (filter.After, 0, 0);
        do
        {
            var most = IsOfWrites(filter) ? ReadAtOnce : Math.Min(ReadAtOnce, filter.Limit);
            var from = after;
            var page = await StoreAnswers.Asked(() => store.List(new EntityQuery(filter.Kind, most, from, filter.SinceEpoch)));
            rows.AddRange(page.Records.Where(record => IsWanted(filter, record)).Select(record => Row(record, live.GetValueOrDefault(record.Id))));
            (after, read, unreadable) = (page.Next, read + page.Records.Count + page.Unreadable.Count, unreadable + page.Unreadable.Count);
        }
        while (after is not null && rows.Count < filter.Limit && read < MostRead);
        if (!IsOfWrites(filter)) rows = WithUnwritten(rows, live.Values, filter.After, after);
        return rows.Count > filter.Limit
            ? new EntityList([.. rows.Take(filter.Limit)]) { Next = rows[filter.Limit - 1].Id, Unreadable = unreadable }
            : new EntityList(rows) { Next = after, Unreadable = unreadable };
    }

    static bool IsOfWrites(EntityFilter filter) => filter.WrittenBy is not null || filter.SinceEpoch > 0;

    static bool IsWanted(EntityFilter filter, EntityRecord record) => record.Created && (!IsOfWrites(filter)
        || record.Slices.Any(slice => IsWanted(filter, slice, slice.Version, slice.Epoch) || slice.Earlier.Any(write => IsWanted(filter, slice, write.Version, write.Epoch))));

    static bool IsWanted(EntityFilter filter, SliceRecord slice, string version, long epoch) =>
        epoch >= filter.SinceEpoch && (filter.WrittenBy is not { } wanted || slice.Module == wanted.Name && version == wanted.Version);

    static EntityRow Row(EntityRecord record, EntityRow? live) =>
        live ?? new EntityRow(record.Id, null, record.Epoch, [.. record.Slices.Select(slice => $"{slice.Module}@{slice.Version}")]);

    // Only where the store was read to: those beyond stand on the next page, among what is stored there.
    static List<EntityRow> WithUnwritten(List<EntityRow> stored, IEnumerable<EntityRow> live, EntityId? after, EntityId? readTo)
    {
        var known = stored.Select(row => row.Id).ToHashSet();
        var others = live.Where(row => !known.Contains(row.Id)
            && (after is not { } from || EntityQuery.Order.Compare(row.Id, from) > 0) && (readTo is not { } to || EntityQuery.Order.Compare(row.Id, to) <= 0));
        return [.. stored.Concat(others).OrderBy(row => row.Id, EntityQuery.Order)];
    }
}
