namespace Evergrain.Runtime.Slots;

/// <summary>Puts the pieces of a release's slots together. Costs a few dictionary writes a kind and nothing an operation.</summary>
internal static class TableBuilder
{
    public static ModuleTable Build(long epoch, IReadOnlyList<SlotEntry> entries, IReadOnlyList<PackageRef> migrators)
    {
        var kinds = new Dictionary<string, KindRoute>(entries.Count, StringComparer.Ordinal);
        var dataSets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var slots = new ModuleSlot[entries.Count];
        for (var i = 0; i < slots.Length; i++)
        {
            var slot = slots[i] = entries[i].Slot;
            foreach (var kind in entries[i].Pieces!.Owned) kinds[kind.Kind] = kind;
            if (slot.Data is { } data) dataSets[slot.Id.Name] = data;
        }
        foreach (var extension in entries.Where(entry => entry.Pieces!.Extensions.Count > 0).OrderBy(entry => entry.Slot.Id.Name, StringComparer.Ordinal).SelectMany(entry => entry.Pieces!.Extensions))
            if (kinds.TryGetValue(extension.Definition.Kind, out var route)) kinds[route.Kind] = route with { Slices = [.. route.Slices, extension] };
        return new ModuleTable(epoch, slots, kinds, dataSets) { Migrators = migrators };
    }
}
