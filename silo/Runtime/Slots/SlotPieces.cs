using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Slots;

/// <summary>What one slot brings to a table, made when it is prepared, so that a swap only copies references.</summary>
internal sealed class SlotPieces
{
    public SlotPieces(ModuleSlot slot, ModuleDefinition? definition)
    {
        var slices = definition?.Slices ?? [];
        Owned = [.. slices.Where(slice => slice.Owner is not null).Select(slice => new KindRoute(slice.Kind, slice.Owner!, [new SliceRoute(slot, slice)]))];
        Extensions = [.. slices.Where(slice => slice.Owner is null).Select(slice => new SliceRoute(slot, slice))];
    }

    public IReadOnlyList<KindRoute> Owned { get; }
    public IReadOnlyList<SliceRoute> Extensions { get; }
}
