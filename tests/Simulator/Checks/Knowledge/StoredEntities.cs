using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>What the stored records say, read once for each write.</summary>
internal sealed class StoredEntities
{
    readonly Dictionary<EntityId, StoredEntity> entities = [];
    readonly List<SliceChange> changes = [];

    public IEnumerable<StoredEntity> All => entities.Values;

    /// <summary>What was in wallets when they were destroyed, in the smallest unit.</summary>
    public long Buried { get; private set; }

    /// <summary>What the write that was seen last did to the slices, one for each whose bytes it changed.</summary>
    public IReadOnlyList<SliceChange> Changes => changes;

    /// <summary>Some step has no case for the entity's state: it stays behind, or is in quarantine.</summary>
    public bool IsStuck(EntityId entity) => Find(entity) is { Sticks: true };

    /// <summary>The call's entity was destroyed at the epoch that the call ran at, and was stuck until then: what was sent before, if only for the first time, may have
    /// run what that entity ran.</summary>
    public bool WasStuck(CallEnded call) => Find(call.Request.Entity) is { EndedAt: { } at } ended && call.Reply.Epoch <= ended.BehindUpTo && (call.Attempt > 1 || call.Began <= at);

    public StoredEntity? Find(EntityId id) => entities.GetValueOrDefault(id);

    public void See(EntityStored stored)
    {
        changes.Clear();
        var after = stored.After ?? stored.Before!;
        if (!entities.TryGetValue(after.Id, out var entity)) entities[after.Id] = entity = new StoredEntity(after.Id);
        entity.Record = after;
        if (stored.After is not { Created: true })
        {
            End(entity, stored.At);
            return;
        }
        foreach (var slice in after.Slices) Take(entity, slice, stored.At);
    }

    // What was applied to it stays known: nothing of that may be applied to what comes after it.
    void End(StoredEntity entity, TimeSpan at)
    {
        if (entity.Slices.Count > 0) entity.Ends++;
        entity.EndedAt = at;
        foreach (var slice in entity.Slices) Buried += slice.Copper ?? 0;
        entity.Slices.Clear();
        if (entity.Sticks) entity.BehindUpTo = entity.Record.Epoch;
        entity.StuckAt = null;
    }

    void Take(StoredEntity entity, SliceRecord slice, TimeSpan at)
    {
        var before = entity.Slices.Find(known => known.Record.Module == slice.Module);
        if (ReferenceEquals(before?.Record, slice)) return;
        var after = StoredSlice.Read(slice, before);
        if (before is not null) entity.Slices.Remove(before);
        entity.Slices.Add(after);
        var added = new List<string>();
        for (var i = before is not null && after.Extends ? before.Applied.Length : 0; i < after.Applied.Length; i++) added.Add(after.Applied[i]);
        var repeated = added.Where(id => !entity.Applied.Add(id)).ToArray();
        if (entity.StuckAt is null && added.Exists(StuckStates.Sticks)) entity.StuckAt = at;
        changes.Add(new SliceChange(before, after, added, repeated));
    }
}

/// <summary>One entity as it is stored.</summary>
internal sealed class StoredEntity(EntityId id)
{
    public EntityId Id => id;
    public EntityRecord Record { get; set; } = null!;
    public List<StoredSlice> Slices { get; } = [];

    /// <summary>Since when some step has no case for its state; null while each has.</summary>
    public TimeSpan? StuckAt { get; set; }
    public bool Sticks => StuckAt is not null;

    /// <summary>The epoch at which it was destroyed while it stuck; 0 when it never was.</summary>
    public long BehindUpTo { get; set; }

    /// <summary>How often it was destroyed; and when it was stored last as something that is not there.</summary>
    public int Ends { get; set; }
    public TimeSpan? EndedAt { get; set; }

    /// <summary>The ids of all changes that stand in it, or stood in what was destroyed.</summary>
    public HashSet<string> Applied { get; } = new(StringComparer.Ordinal);
}

/// <param name="Added">The ids that came with it.</param>
/// <param name="Repeated">Those of them that stood in the entity before, or came twice.</param>
internal readonly record struct SliceChange(StoredSlice? Before, StoredSlice After, IReadOnlyList<string> Added, IReadOnlyList<string> Repeated);
