using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Runtime.Migrations;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>Leases of versions that do not serve, held while an entity's slices go by their steps: a newer version alone knows the way down
/// from its schema, and a step up may have been declared by the version between.</summary>
internal sealed class Migrators : IDisposable
{
    static readonly Migrators None = new("", []);
    readonly string kind;
    readonly List<ModuleSlot> slots;
    readonly List<(string Module, string Why)> refused = [];

    Migrators(string kind, List<ModuleSlot> slots) => (this.kind, this.slots) = (kind, slots);

    /// <summary>A version that can never be loaded is no error here: the slices that need its steps say so.</summary>
    /// <param name="stored">The slices that are there as bytes.</param>
    /// <param name="live">The slots that the entity has now; null when it comes into memory.</param>
    /// <exception cref="StoreUnavailableException">A package could not be had now.</exception>
    public static async ValueTask<Migrators> For(EntitySilo silo, string kind, ImmutableArray<SliceRecord> stored, SliceSet? live, KindRoute route)
    {
        Migrators? migrators = null;
        try
        {
            foreach (var to in route.Slices)
            {
                if (Need(kind, to, stored, live) is not { } need) continue;
                migrators ??= new Migrators(kind, []);
                await migrators.Fetch(silo.Runtime, need);
            }
            return migrators ?? None;
        }
        catch
        {
            migrators?.Dispose();
            throw;
        }
    }

    /// <summary>The ways that they add to those of the serving slots.</summary>
    /// <exception cref="MigrationFailedException">A version that has a step of the way cannot be loaded.</exception>
    public IEnumerable<MigrationPaths> Paths(string module) => refused.Find(refusal => refusal.Module == module) is { Why: { } why }
        ? throw new MigrationFailedException(why)
        : slots.Where(slot => slot.Id.Name == module).Select(slot => slot.Paths(kind)).OfType<MigrationPaths>();

    // Null when the slice needs no step, or when the versions at hand have the way.
    static MigrationNeed? Need(string kind, SliceRoute to, ImmutableArray<SliceRecord> stored, SliceSet? live)
    {
        var own = to.Slot.Paths(kind)!;
        if (live is not null && live.IndexOf(to.Module) is >= 0 and var i)
            return Need(kind, to, live.Routes[i].Slot.Id.Version, live.Routes[i].Definition.Schema, own, live.Routes[i].Slot.Paths(kind)!);
        return stored.FirstOrDefault(slice => slice.Module == to.Module) is { } slice ? Need(kind, to, slice.Version, slice.Schema, own) : null;
    }

    static MigrationNeed? Need(string kind, SliceRoute to, string writtenBy, int from, params ReadOnlySpan<MigrationPaths> atHand)
    {
        var goal = to.Definition.Schema;
        if (from == goal) return null;
        foreach (var paths in atHand)
            if (paths.Find(from, goal) is not null) return null;
        var steps = new List<(int, int)>();
        foreach (var paths in atHand) steps.AddRange(paths.Links.Select(link => (link.From, link.To)));
        return new MigrationNeed(to.Module, kind, writtenBy, from, goal, steps);
    }

    async ValueTask Fetch(IModuleTables modules, MigrationNeed need)
    {
        try
        {
            slots.AddRange(await modules.Migrators(need));
        }
        catch (FindingsException thrown) when (IsFinal(thrown))
        {
            refused.Add((need.Module, thrown.Message));
        }
        catch (Exception thrown) when (thrown is FindingsException or OperationCanceledException)
        {
            throw new StoreUnavailableException($"The steps of {need.Module} from schema {need.From} to {need.To}, written by {need.WrittenBy}, cannot be had now: {thrown.Message}");
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
