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

    /// <summary>What the write that was seen last did to the slices, one for each whose bytes it changed.</summary>
    public IReadOnlyList<SliceChange> Changes => changes;

    /// <summary>Some step has no case for the entity's state: it stays behind, or is in quarantine.</summary>
    public bool IsStuck(EntityId entity) => Find(entity) is { Sticks: true };

    public StoredEntity? Find(EntityId id) => entities.GetValueOrDefault(id);

    public void See(EntityStored stored)
    {
        changes.Clear();
        if (stored.After is not { } after)
        {
            entities.Remove(stored.Before!.Id);
            return;
        }
        if (!entities.TryGetValue(after.Id, out var entity)) entities[after.Id] = entity = new StoredEntity(after.Id);
        entity.Record = after;
        foreach (var slice in after.Slices) Take(entity, slice, stored.At);
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

    /// <summary>The ids of all changes that stand in it.</summary>
    public HashSet<string> Applied { get; } = new(StringComparer.Ordinal);
}

/// <param name="Added">The ids that came with it.</param>
/// <param name="Repeated">Those of them that stood in the entity before, or came twice.</param>
internal readonly record struct SliceChange(StoredSlice? Before, StoredSlice After, IReadOnlyList<string> Added, IReadOnlyList<string> Repeated);
