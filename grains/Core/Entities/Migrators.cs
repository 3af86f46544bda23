using System.Collections.Immutable;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>Leases of the versions that wrote an entity's slices in a newer schema than the one that serves: only they know the way down.</summary>
internal sealed class Migrators : IDisposable
{
    static readonly Migrators None = new("", []);
    readonly string kind;
    readonly List<ModuleSlot> slots;

    Migrators(string kind, List<ModuleSlot> slots) => (this.kind, this.slots) = (kind, slots);

    /// <exception cref="StoreUnavailableException">A package could not be read.</exception>
    public static async ValueTask<Migrators> For(EntitySilo silo, string kind, ImmutableArray<SliceRecord> stored, KindRoute route)
    {
        Migrators? migrators = null;
        try
        {
            foreach (var slice in stored)
            {
                if (route.Slices.FirstOrDefault(to => to.Module == slice.Module) is not { } to || slice.Schema <= to.Definition.Schema) continue;
                migrators ??= new Migrators(kind, []);
                if (await silo.Runtime.Migrator(slice) is { } slot) migrators.slots.Add(slot);
            }
            return migrators ?? None;
        }
        catch
        {
            migrators?.Dispose();
            throw;
        }
    }

    public IReadOnlyList<MigrationStep> Steps(string module) =>
        slots.Find(slot => slot.Id.Name == module)?.Definition?.Slices.FirstOrDefault(slice => slice.Kind == kind)?.Steps ?? [];

    public void Dispose()
    {
        foreach (var slot in slots) slot.Release();
    }
}
