using Evergrain.Core.Entities;
using Evergrain.Runtime;
using Evergrain.Runtime.Slots;

namespace Evergrain.Embedded;

/// <summary>A silo's module runtime, as its entities see it.</summary>
internal sealed class SiloModuleTables(ModuleRuntime runtime, IPackageStore packages) : IModuleTables
{
    public ModuleTable Table => runtime.Table;

    public async ValueTask<IReadOnlyList<ModuleSlot>> Migrators(MigrationNeed need)
    {
        var kept = runtime.Table.Migrators.Where(package => package.Name == need.Module).Select(package => package.Version);
        var versions = new List<PublishedPackage>();
        foreach (var version in kept.Prepend(need.WrittenBy).Distinct(StringComparer.Ordinal))
            if (await packages.Find(need.Module, version, CancellationToken.None) is { } package) versions.Add(package);
        return await Lease(need.Choose(versions.Select(package => (package.Ref, Steps(package, need.Kind)))));
    }

    static IEnumerable<(int From, int To)> Steps(PublishedPackage package, string kind) =>
        package.Manifest.Slices.Where(slice => slice.Kind == kind).SelectMany(slice => slice.Steps).Select(step => (step.From, step.To));

    async ValueTask<IReadOnlyList<ModuleSlot>> Lease(IReadOnlyList<PackageRef> chosen)
    {
        var slots = new List<ModuleSlot>();
        try
        {
            foreach (var package in chosen) slots.Add(await runtime.Migrator(package, CancellationToken.None));
            return slots;
        }
        catch
        {
            foreach (var slot in slots) slot.Release();
            throw;
        }
    }
}
