using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Slots;

/// <summary>What a silo routes by at one epoch. Immutable: a turn reads it once, a reload swaps it whole.</summary>
public sealed class ModuleTable
{
    public static readonly ModuleTable Empty = new(0, [], [], []);

    readonly Dictionary<string, KindRoute> kinds;
    readonly Dictionary<string, ModuleSlot> dataSets;

    internal ModuleTable(long epoch, IReadOnlyList<ModuleSlot> slots, Dictionary<string, KindRoute> kinds, Dictionary<string, ModuleSlot> dataSets) =>
        (Epoch, Slots, this.kinds, this.dataSets) = (epoch, slots, kinds, dataSets);

    public long Epoch { get; }
    public IReadOnlyList<ModuleSlot> Slots { get; }
    public IReadOnlyCollection<string> Kinds => kinds.Keys;
    public KindRoute? Kind(string kind) => kinds.GetValueOrDefault(kind);

    /// <summary>Null when the release has no data set of that name.</summary>
    public ModuleSlot? DataSet(string name) => dataSets.GetValueOrDefault(name);
}

/// <summary>Which slots serve one entity kind: the owner's first, the others by name.</summary>
public sealed record KindRoute(string Kind, KindOptions Options, ImmutableArray<SliceRoute> Slices);

/// <summary>One module's slice of a kind.</summary>
public sealed record SliceRoute(ModuleSlot Slot, SliceDefinition Definition)
{
    public string Module => Slot.Id.Name;
}
