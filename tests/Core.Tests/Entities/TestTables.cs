using System.Collections.Immutable;
using System.Text;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Entities;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>One silo's modules, as the test swaps them.</summary>
internal sealed class TestTables : IModuleTables
{
    readonly List<ModuleSlot> migrators = [];
    readonly Dictionary<string, KindRoute> routes = [];

    public ModuleTable Table { get; private set; } = ModuleTable.Empty;
    public bool MigratorsFail { get; set; }

    /// <summary>What the module runtime says instead of giving a migrator, and how often it was asked.</summary>
    public Exception? MigratorsThrow { get; set; }
    public int MigratorsAsked { get; private set; }

    public static ModuleSlot Slot<TModule>(string name, string version) where TModule : GameModule, new()
    {
        var builder = new ModuleBuilder(name, version);
        new TModule().Configure(builder);
        var slot = new ModuleSlot(new PackageRef(name, version, $"{name}-{version}"));
        slot.Load(builder.Build());
        slot.Move(SlotState.Serving);
        return slot;
    }

    public static ModuleSlot Data(string name, string version, string json)
    {
        var slot = new ModuleSlot(new PackageRef(name, version, $"{name}-{version}"));
        slot.Load(Encoding.UTF8.GetBytes(json));
        slot.Move(SlotState.Serving);
        return slot;
    }

    public void Serve(long epoch, params ModuleSlot[] slots)
    {
        var slices = slots.Where(slot => slot.Definition is not null).SelectMany(slot => slot.Definition!.Slices.Select(slice => new SliceRoute(slot, slice))).ToArray();
        var kinds = slices.Where(slice => slice.Definition.Owner is not null).Select(owner => Known(new KindRoute(
            owner.Definition.Kind, owner.Definition.Owner!,
            [owner, .. slices.Where(slice => slice.Definition.Owner is null && slice.Definition.Kind == owner.Definition.Kind).OrderBy(slice => slice.Module, StringComparer.Ordinal)]))).ToDictionary(route => route.Kind);
        Table = new ModuleTable(epoch, slots, kinds, slots.Where(slot => slot.Data is not null).ToDictionary(slot => slot.Id.Name, slot => slot.Data!));
    }

    // As in the module runtime, tables that have the same slots for a kind share its route.
    KindRoute Known(KindRoute route)
    {
        if (routes.TryGetValue(route.Kind, out var known) && known.Slices.SequenceEqual(route.Slices)) return known;
        return routes[route.Kind] = route;
    }

    public void KeepAsMigrator(ModuleSlot slot) => migrators.Add(slot);

    public ValueTask<IReadOnlyList<ModuleSlot>> Migrators(MigrationNeed need)
    {
        MigratorsAsked++;
        if (MigratorsThrow is { } thrown) throw thrown;
        if (MigratorsFail) throw new StoreUnavailableException("the package store is away.");
        var chosen = need.Choose(migrators.Where(slot => slot.Id.Name == need.Module).OrderByDescending(slot => slot.Id.Version == need.WrittenBy)
            .Select(slot => (slot, slot.Paths(need.Kind)!.Links.Select(link => (link.From, link.To)))));
        return new([.. chosen.Where(slot => slot.TryAcquire())]);
    }
}
