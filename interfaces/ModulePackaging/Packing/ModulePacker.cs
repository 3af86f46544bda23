using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.ModulePackaging;

/// <summary>Makes packages of built modules and of data sets. It runs the module's <c>Configure</c>, so use it on one's own code only.</summary>
public static class ModulePacker
{
    public static PackResult Pack(PackRequest request)
    {
        try
        {
            var (manifest, files) = request switch
            {
                { Assembly: { } assembly, DataFile: null } => Module(request, assembly),
                { Assembly: null, DataFile: { } data } => Data(request, data),
                _ => throw Wrong("pack/arguments", "pack", "Name either an assembly or a data file.", "Say --assembly FILE or --data FILE."),
            };
            var package = PackageWriter.Write(manifest, files);
            // What the reader would refuse is never written.
            var reading = PackageReader.Read(package, new PackageLimits());
            return reading.Contents is null ? new PackResult(null, null, reading.Findings) : new PackResult(package, manifest, []);
        }
        catch (FindingsException wrong)
        {
            return new PackResult(null, null, wrong.Findings);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return new PackResult(null, null, [new Finding("pack/cannot-read", request.Assembly ?? request.DataFile ?? "", wrong.Message, "Build the module first.")]);
        }
    }

    static (ModuleManifest, Dictionary<string, byte[]>) Data(PackRequest request, string path) =>
        (new ModuleManifest { Type = PackageType.Data, Name = request.Name, Version = request.Version },
            new Dictionary<string, byte[]> { [PackageLayout.Data] = File.ReadAllBytes(path) });

    static (ModuleManifest, Dictionary<string, byte[]>) Module(PackRequest request, string path)
    {
        var images = ModuleAssemblies.Collect(path);
        var context = new ModuleLoadContext($"pack {request.Name}@{request.Version}", images);
        try
        {
            var entry = ModuleEntry.Find(context.LoadOwn(Path.GetFileNameWithoutExtension(path)));
            var definition = ModuleEntry.Configure(entry, request.Name, request.Version);
            var manifest = ManifestBuilder.Describe(definition, entry, MethodHashes.Of(images.Values.Select(image => image.Dll)));
            var files = Files(images);
            AddSamples(request.Samples, files);
            string[] samples = [.. files.Keys.Where(file => file.StartsWith(PackageLayout.Samples, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            return (manifest with { Samples = samples.Length == 0 ? null : samples }, files);
        }
        finally
        {
            context.Unload();
        }
    }

    static Dictionary<string, byte[]> Files(IReadOnlyDictionary<string, AssemblyImage> images)
    {
        var files = new Dictionary<string, byte[]>();
        foreach (var (name, image) in images)
        {
            files.Add($"{PackageLayout.Library}{name}.dll", image.Dll);
            if (image.Pdb is { } pdb) files.Add($"{PackageLayout.Library}{name}.pdb", pdb);
        }
        return files;
    }

    static void AddSamples(IReadOnlyList<string> samples, Dictionary<string, byte[]> files)
    {
        foreach (var sample in samples)
            if (!files.TryAdd(PackageLayout.Samples + Path.GetFileName(sample), File.ReadAllBytes(sample)))
                throw Wrong("pack/sample-twice", sample, $"Two samples are named {Path.GetFileName(sample)}.", "Rename one of them.");
    }

    internal static FindingsException Wrong(string code, string where, string message, string next) =>
        new(ErrorCodes.BadPackage, message, next, [new Finding(code, where, message, next)]);
}
