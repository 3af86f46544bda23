using Evergrain.Contracts.Ops;

namespace Evergrain.Runtime.Slots;

/// <summary>Every slot of the silo. The members of the caller's lock: whoever calls holds <see cref="Gate"/>.</summary>
internal sealed class SlotCatalog(int reportedEnds)
{
    readonly Dictionary<string, SlotEntry> live = new(StringComparer.Ordinal);
    readonly List<SlotEntry> retiring = [];
    readonly Queue<SlotStatus> ended = new();

    public Lock Gate { get; } = new();

    /// <summary>Slots that can be leased, by digest, with those that are being prepared.</summary>
    public IReadOnlyCollection<SlotEntry> Live => live.Values;

    public SlotEntry? Find(string digest) => live.GetValueOrDefault(digest);

    public SlotEntry? Ready(string digest) =>
        live.GetValueOrDefault(digest) is { Slot.State: SlotState.Ready or SlotState.Serving } entry ? entry : null;

    public void Add(SlotEntry entry) => live.Add(entry.Slot.Package.Digest, entry);

    /// <summary>Also for an entry that was never among the living.</summary>
    public void Retire(SlotEntry entry)
    {
        Remove(entry);
        retiring.Add(entry);
    }

    public void Remove(SlotEntry entry)
    {
        if (live.GetValueOrDefault(entry.Slot.Package.Digest) == entry) live.Remove(entry.Slot.Package.Digest);
        retiring.Remove(entry);
    }

    /// <summary>The entry's end stays in the report for a while, without the slot itself.</summary>
    public void End(SlotEntry entry, SlotStatus last)
    {
        Remove(entry);
        ended.Enqueue(last);
        while (ended.Count > reportedEnds) ended.Dequeue();
    }

    public (SlotEntry[] Present, SlotStatus[] Ended) Snapshot() =>
        ([.. live.Values, .. retiring], [.. ended.Where(status => !live.ContainsKey(status.Digest))]);
}
