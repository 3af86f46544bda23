using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Evergrain.ModulePackaging;

/// <summary>The module's assembly and all that it needs of its own: not the framework's, not the SDK's.</summary>
internal static class ModuleAssemblies
{
    const int MaxAssemblies = 256;

    static readonly HashSet<string> Framework = [.. ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
        .Split(Path.PathSeparator).Where(path => path.StartsWith(Path.GetDirectoryName(typeof(object).Assembly.Location)!, StringComparison.Ordinal))
        .Select(path => Path.GetFileNameWithoutExtension(path)!)];

    /// <exception cref="Contracts.FindingsException">An assembly that the module needs is nowhere, or they are too many.</exception>
    public static IReadOnlyDictionary<string, AssemblyImage> Collect(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var found = new SortedDictionary<string, AssemblyImage>(StringComparer.Ordinal);
        var open = new Queue<(string Name, string NeededBy)>([(Path.GetFileNameWithoutExtension(path), "the module")]);
        while (open.TryDequeue(out var next))
        {
            if (found.ContainsKey(next.Name) || Framework.Contains(next.Name) || ModuleLoadContext.IsShared(next.Name)) continue;
            if (found.Count == MaxAssemblies) throw ModulePacker.Wrong("pack/too-many-assemblies", next.Name, $"The module needs more than {MaxAssemblies} assemblies.", "Depend on less.");
            var file = Path.Combine(folder, next.Name + ".dll");
            if (!File.Exists(file))
                throw ModulePacker.Wrong("pack/missing-assembly", next.Name, $"{next.Name}, needed by {next.NeededBy}, is neither beside the module nor part of the runtime.",
                    "Reference it as a package or project that is copied to the module's output.");
            var pdb = Path.ChangeExtension(file, ".pdb");
            var image = new AssemblyImage(File.ReadAllBytes(file), File.Exists(pdb) ? File.ReadAllBytes(pdb) : null);
            found.Add(next.Name, image);
            foreach (var reference in References(image.Dll)) open.Enqueue((reference, next.Name));
        }
        return found;
    }

    static List<string> References(byte[] dll)
    {
        using var image = new PEReader(new MemoryStream(dll, writable: false));
        if (!image.HasMetadata) throw new BadImageFormatException("A file in the module's folder is no .NET assembly.");
        var reader = image.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))];
    }
}
