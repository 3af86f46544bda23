using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Slots;

/// <summary>What a silo routes by at one epoch. Immutable: a turn reads it once, a reload swaps it whole.</summary>
public sealed class ModuleTable
{
    public static readonly ModuleTable Empty = new(0, [], [], []);

    readonly Dictionary<string, KindRoute> kinds;

    internal ModuleTable(long epoch, IReadOnlyList<ModuleSlot> slots, Dictionary<string, KindRoute> kinds, Dictionary<string, byte[]> dataSets) =>
        (Epoch, Slots, this.kinds, DataSets) = (epoch, slots, kinds, dataSets);

    public long Epoch { get; }
    public IReadOnlyList<ModuleSlot> Slots { get; }

    /// <summary>Versions that do not serve and that the release keeps loadable for the steps between schemas that they have, by preference.</summary>
    public IReadOnlyList<PackageRef> Migrators { get; internal init; } = [];
    public IReadOnlyCollection<string> Kinds => kinds.Keys;
    public KindRoute? Kind(string kind) => kinds.GetValueOrDefault(kind);

    /// <summary>The content of each data set, by name. The bytes themselves, since a turn may still read them when their slot has retired;
    /// they keep no code alive.</summary>
    public IReadOnlyDictionary<string, byte[]> DataSets { get; }
}

/// <summary>Which slots serve one entity kind: the owner's first, the others by name.</summary>
public sealed record KindRoute(string Kind, KindOptions Options, ImmutableArray<SliceRoute> Slices);

/// <summary>One module's slice of a kind.</summary>
public sealed record SliceRoute(ModuleSlot Slot, SliceDefinition Definition)
{
    public string Module => Slot.Id.Name;
}
