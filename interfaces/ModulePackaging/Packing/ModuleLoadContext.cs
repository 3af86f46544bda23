using System.Reflection;
using System.Runtime.Loader;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.ModulePackaging;

/// <summary>The load context of one version of one module. The SDK and the contracts are the host's, so that both mean the same types;
/// the framework is the process's; everything else is the module's own, and never another version's.</summary>
public sealed class ModuleLoadContext(string name, IReadOnlyDictionary<string, AssemblyImage> assemblies) : AssemblyLoadContext(name, isCollectible: true)
{
    static readonly Assembly[] Shared = [typeof(GameModule).Assembly, typeof(EntityId).Assembly];

    /// <summary>Whether the assembly is the host's, so that no package carries it.</summary>
    public static bool IsShared(string assembly) => Shared.Any(shared => shared.GetName().Name == assembly);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        foreach (var shared in Shared)
            if (shared.GetName().Name == assemblyName.Name) return shared;
        return assemblyName.Name is { } simple && assemblies.TryGetValue(simple, out var image) ? LoadImage(image) : null;
    }

    /// <exception cref="FileNotFoundException">The package has no such assembly.</exception>
    public Assembly LoadOwn(string simpleName) =>
        assemblies.TryGetValue(simpleName, out var image) ? LoadImage(image) : throw new FileNotFoundException($"The package has no assembly {simpleName}.");

    Assembly LoadImage(AssemblyImage image) =>
        LoadFromStream(new MemoryStream(image.Dll, writable: false), image.Pdb is { } pdb ? new MemoryStream(pdb, writable: false) : null);
}
