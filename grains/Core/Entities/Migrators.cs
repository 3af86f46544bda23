using System.Collections.Immutable;
using Evergrain.Contracts;
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
    readonly List<(string Module, string Why)> refused = [];

    Migrators(string kind, List<ModuleSlot> slots) => (this.kind, this.slots) = (kind, slots);

    /// <summary>A version that can never be loaded is no error here: the slices that need its steps say so.</summary>
    /// <exception cref="StoreUnavailableException">A package could not be had now.</exception>
    public static async ValueTask<Migrators> For(EntitySilo silo, string kind, ImmutableArray<SliceRecord> stored, KindRoute route)
    {
        Migrators? migrators = null;
        try
        {
            foreach (var slice in stored)
            {
                if (route.Slices.FirstOrDefault(to => to.Module == slice.Module) is not { } to || slice.Schema <= to.Definition.Schema) continue;
                migrators ??= new Migrators(kind, []);
                await migrators.Fetch(silo.Runtime, slice);
            }
            return migrators ?? None;
        }
        catch
        {
            migrators?.Dispose();
            throw;
        }
    }

    /// <exception cref="MigrationFailedException">The version that has them cannot be loaded.</exception>
    public IReadOnlyList<MigrationStep> Steps(string module) => refused.Find(refusal => refusal.Module == module) is { Why: { } why }
        ? throw new MigrationFailedException(why)
        : slots.Find(slot => slot.Id.Name == module)?.Definition?.Slices.FirstOrDefault(slice => slice.Kind == kind)?.Steps ?? [];

    async ValueTask Fetch(IModuleTables modules, SliceRecord slice)
    {
        try
        {
            if (await modules.Migrator(slice) is { } slot) slots.Add(slot);
        }
        catch (FindingsException thrown) when (IsFinal(thrown))
        {
            refused.Add((slice.Module, thrown.Message));
        }
        catch (Exception thrown) when (thrown is FindingsException or OperationCanceledException)
        {
            throw new StoreUnavailableException($"{slice.Module}@{slice.Version}, which wrote the entity, cannot be had now: {thrown.Message}");
        }
    }

    // What the package is, it stays; what the silo could not do now, it may do later.
    static bool IsFinal(FindingsException thrown) =>
        thrown.Code == ErrorCodes.BadPackage && !thrown.Findings.Any(finding => finding.Code.StartsWith("silo/", StringComparison.Ordinal));

    public void Dispose()
    {
        foreach (var slot in slots) slot.Release();
    }
}
