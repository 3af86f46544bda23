using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Tests.Support;

/// <summary>Packages that the packer would never make.</summary>
internal static class Forge
{
    public static PackageContents Open(byte[] package)
    {
        var reading = PackageReader.Read(package, new PackageLimits());
        Assert.Empty(reading.Findings);
        return reading.Contents!;
    }

    public static ModuleManifest Manifest(string name, string version) => Open(Fixtures.Package(name, version)).Manifest;

    /// <summary>A fixture's package with another manifest.</summary>
    public static byte[] Counter(Func<ModuleManifest, ModuleManifest> change, string version = "1.0.0")
    {
        var contents = Open(Fixtures.Package("counter", version));
        return PackageWriter.Write(change(contents.Manifest), Files(contents));
    }

    /// <summary>A package with these samples instead of its own.</summary>
    public static byte[] Sampled(byte[] package, params (string Name, string Json)[] samples)
    {
        var contents = Open(package);
        var files = Files(contents).Where(file => !file.Key.StartsWith(PackageLayout.Samples, StringComparison.Ordinal)).ToDictionary();
        foreach (var (name, json) in samples) files.Add($"samples/{name}.json", System.Text.Encoding.UTF8.GetBytes(json));
        return PackageWriter.Write(contents.Manifest with { Samples = [.. samples.Select(sample => $"samples/{sample.Name}.json")] }, files);
    }

    /// <summary>The assembly of a fixture project as a module, under the manifest of the good counter.</summary>
    public static byte[] Module(string project, string entryType, Func<ModuleManifest, ModuleManifest>? change = null) => PackageWriter.Write(
        (change ?? (manifest => manifest))(Manifest("counter", "1.0.0") with { EntryAssembly = project, EntryType = entryType, DataSets = [], Samples = null }),
        new Dictionary<string, byte[]> { [$"lib/{project}.dll"] = Fixtures.Assembly(project) });

    public static byte[] Data(string name, string version, string json) =>
        PackageWriter.Write(new ModuleManifest { Type = PackageType.Data, Name = name, Version = version }, new Dictionary<string, byte[]> { ["data.json"] = System.Text.Encoding.UTF8.GetBytes(json) });

    public static Dictionary<string, byte[]> Files(PackageContents contents) =>
        contents.Entries.Where(entry => entry.Key is not ("module.json" or "signature.json")).ToDictionary();
}
