using System.IO.Compression;
using Evergrain.ModulePackaging;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>Packages that no build would make.</summary>
internal static class Forge
{
    /// <summary>A package of the sample game with another manifest.</summary>
    public static byte[] Game(string name, Func<ModuleManifest, ModuleManifest> change)
    {
        var contents = Open(name);
        return PackageWriter.Write(change(contents.Manifest), contents.Entries.Where(entry => entry.Key is not ("module.json" or "signature.json")).ToDictionary());
    }

    /// <summary>The assembly of a fixture project under the manifest of a module of the sample game.</summary>
    public static byte[] Code(string name, string version, string project, string entryType) => PackageWriter.Write(
        Open(name).Manifest with { Version = version, EntryAssembly = project, EntryType = entryType, Samples = [] },
        new Dictionary<string, byte[]> { [$"lib/{project}.dll"] = Built.FixtureAssembly(project) });

    /// <summary>A package of the sample game of which one entry was changed after it was packed.</summary>
    public static byte[] Tampered(string name)
    {
        var entries = Open(name).Entries.ToDictionary();
        entries[entries.Keys.First(path => path.EndsWith(".dll", StringComparison.Ordinal))][^1] ^= 1;
        return Zip([.. entries.Select(entry => (entry.Key, entry.Value))]);
    }

    public static byte[] Zip(params (string Path, byte[] Content)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, content) in entries)
            {
                using var stream = archive.CreateEntry(path).Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }

    static PackageContents Open(string name)
    {
        var reading = PackageReader.Read(Built.Game(name, "1.0.0"), new PackageLimits());
        Assert.Empty(reading.Findings);
        return reading.Contents!;
    }
}
