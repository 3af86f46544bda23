using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>Opens packages from strangers: bounded, and with every finding at once.</summary>
public static class PackageReader
{
    /// <returns>The contents, or null with at least one finding.</returns>
    public static PackageReading Read(ReadOnlyMemory<byte> package, PackageLimits limits)
    {
        var findings = new List<Finding>();
        var entries = PackageZip.Read(package, limits, findings);
        var manifest = Parse(entries, PackageLayout.Manifest, PackagingJson.Default.ModuleManifest, "package/bad-manifest", findings);
        var signature = Parse(entries, PackageLayout.Signature, PackagingJson.Default.PackageSignature, "package/bad-signature", findings);
        if (manifest is not null) ManifestCheck.Check(manifest, entries, findings);
        if (manifest is not null && signature is not null) StatementCheck.Check(manifest, signature.Statement, entries, findings);

        if (manifest is not null && findings.Count > 0) findings = [.. findings.Select(finding => finding with { Module = $"{manifest.Name}@{manifest.Version}" })];
        return findings.Count > 0 || manifest is null || signature is null
            ? new PackageReading(null, findings)
            : new PackageReading(new PackageContents(manifest, signature, PackageWriter.Hash(package.Span), package.Length, entries), []);
    }

    static T? Parse<T>(Dictionary<string, byte[]> entries, string path, JsonTypeInfo<T> type, string code, List<Finding> findings) where T : class
    {
        const string Next = "Build the package with the module SDK or with 'evergrain pack'.";
        // Without any entry the zip itself is wrong, and that was said.
        if (entries.Count == 0) return null;
        if (!entries.TryGetValue(path, out var bytes))
        {
            findings.Add(new Finding(code, path, $"The package has no {path}.", Next));
            return null;
        }
        try
        {
            if (JsonSerializer.Deserialize(bytes, type) is { } value) return value;
            findings.Add(new Finding(code, path, $"{path} is null.", Next));
        }
        catch (JsonException wrong)
        {
            findings.Add(new Finding(code, path, $"{path} is wrong: {wrong.Message}", Next));
        }
        return null;
    }
}

/// <summary>What came of opening a package: contents, or findings.</summary>
public sealed record PackageReading(PackageContents? Contents, IReadOnlyList<Finding> Findings);
