using Evergrain.Core.Entities;
using Evergrain.Core.State;
using Evergrain.Runtime;
using Evergrain.Runtime.Slots;

namespace Evergrain.Embedded;

/// <summary>A silo's module runtime, as its entities see it.</summary>
internal sealed class SiloModuleTables(ModuleRuntime runtime, IPackageStore packages) : IModuleTables
{
    public ModuleTable Table => runtime.Table;

    public async ValueTask<ModuleSlot?> Migrator(SliceRecord written) =>
        await packages.Find(written.Module, written.Version, CancellationToken.None) is { } package
            ? await runtime.Migrator(package.Ref, CancellationToken.None)
            : null;
}
