using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>Whether a manifest agrees with itself and with the files beside it. What other modules say is the silo's business.</summary>
internal static class ManifestCheck
{
    public static void Check(ModuleManifest manifest, IReadOnlyDictionary<string, byte[]> entries, List<Finding> findings)
    {
        if (manifest.Format != ModuleManifest.CurrentFormat)
            Add(findings, "format", "format", $"The package has format {manifest.Format}; this host reads {ModuleManifest.CurrentFormat}.", "Build it with an SDK of this host's version.");
        if (!EntityId.IsKind(manifest.Name))
            Add(findings, "bad-manifest", "name", $"'{manifest.Name}' is no module name: a lower-case letter, then lower-case letters, digits or '-', at most 32.", "Rename the module.");
        if (SemanticVersion.TryParse(manifest.Version) is null)
            Add(findings, "bad-manifest", "version", $"'{manifest.Version}' is no version by SemVer 2.0.", "Write it as in 1.1.0.");
        CheckSamples(manifest, entries, findings);
        if (manifest.Type == PackageType.Data) CheckData(entries, findings);
        else CheckModule(manifest, entries, findings);
    }

    static void CheckData(IReadOnlyDictionary<string, byte[]> entries, List<Finding> findings)
    {
        if (entries.Keys.FirstOrDefault(path => path.StartsWith(PackageLayout.Library, StringComparison.Ordinal)) is { } library)
            Add(findings, "bad-manifest", library, "A data set carries no code.", "Take lib/ out, or make it a module.");
        if (!entries.TryGetValue(PackageLayout.Data, out var content))
        {
            Add(findings, "bad-manifest", PackageLayout.Data, $"The data set has no {PackageLayout.Data}.", "Pack it with --data file.json.");
            return;
        }
        try
        {
            using var parsed = JsonDocument.Parse(content);
        }
        catch (JsonException wrong)
        {
            Add(findings, "bad-data", PackageLayout.Data, $"The data set is no JSON: {wrong.Message}", "Mend the file and pack it again.");
        }
    }

    static void CheckModule(ModuleManifest manifest, IReadOnlyDictionary<string, byte[]> entries, List<Finding> findings)
    {
        const string Rebuild = "Build the package again.";
        if (entries.ContainsKey(PackageLayout.Data)) Add(findings, "bad-manifest", PackageLayout.Data, "A module carries no data set.", "Pack the data set on its own.");
        if (manifest.Sdk is not { } sdk || sdk.From < 1 || sdk.To < sdk.From) Add(findings, "bad-manifest", "sdk", "The SDK contract range is missing or upside down.", Rebuild);
        if (string.IsNullOrEmpty(manifest.EntryType)) Add(findings, "bad-manifest", "entryType", "The manifest names no entry type.", Rebuild);
        if (string.IsNullOrEmpty(manifest.EntryAssembly) || !entries.ContainsKey($"{PackageLayout.Library}{manifest.EntryAssembly}.dll"))
            Add(findings, "bad-manifest", "entryAssembly", $"The entry assembly '{manifest.EntryAssembly}' is not in lib/.", Rebuild);
        if (manifest.Slices.Count == 0) Add(findings, "bad-manifest", "slices", "The module owns no kind and adds no slice.", "Call Owns or Extends in Configure.");

        foreach (var slice in manifest.Slices) CheckSlice(slice, findings);
        Twice(manifest.Slices.Select(slice => slice.Kind), "slices", findings);
        Twice(manifest.Operations.Select(operation => operation.Name), "operations", findings);
        foreach (var operation in manifest.Operations)
        {
            if (!operation.Name.StartsWith($"{manifest.Name}.", StringComparison.Ordinal) || !EntityId.IsKind(operation.Name[(manifest.Name.Length + 1)..]))
                Add(findings, "foreign-operation", operation.Name, $"{manifest.Name} claims the operation {operation.Name}; its own are named {manifest.Name}.operation.", Rebuild);
            if (manifest.Slices.All(slice => slice.Kind != operation.Kind))
                Add(findings, "bad-manifest", operation.Name, $"The operation {operation.Name} is on the kind {operation.Kind}, which the module has no slice of.", Rebuild);
        }
    }

    static void CheckSamples(ModuleManifest manifest, IReadOnlyDictionary<string, byte[]> entries, List<Finding> findings)
    {
        var (listed, packed) = (manifest.Samples ?? [], entries.Keys.Where(path => path.StartsWith(PackageLayout.Samples, StringComparison.Ordinal)).ToArray());
        if (manifest.Type == PackageType.Data && packed.Length > 0)
            Add(findings, "bad-manifest", packed[0], "A data set has no samples.", "Take samples/ out.");
        foreach (var path in packed.Except(listed)) Add(findings, "bad-manifest", path, $"The manifest does not list {path}.", "Build the package again.");
        foreach (var path in listed.Except(packed)) Add(findings, "bad-manifest", path, $"The manifest lists {path}, which the package lacks.", "Build the package again.");
        foreach (var path in packed) SampleReader.Read(path, entries[path], findings);
    }

    static void CheckSlice(SliceManifest slice, List<Finding> findings)
    {
        if (!EntityId.IsKind(slice.Kind)) Add(findings, "bad-manifest", slice.Kind, $"'{slice.Kind}' is no entity kind.", "Build the package again.");
        if (slice.Schema < 1) Add(findings, "bad-manifest", slice.Kind, $"The schema of {slice.Kind} is {slice.Schema}; schemas count from 1.", "Build the package again.");
        if (slice.OneWay != SliceManifest.GoesOneWay(slice.Schema, slice.Steps))
            Add(findings, "bad-manifest", slice.Kind, $"The manifest says of {slice.Kind} that it {(slice.OneWay ? "goes one way, and has a step down" : "can go down, and has no step down")} from schema {slice.Schema}.", "Build the package again.");
        if (JsonShape.Fingerprint(slice.Shape) != slice.Fingerprint)
            Add(findings, "bad-manifest", slice.Kind, $"The fingerprint of {slice.Kind} is not that of its shape.", "Build the package again.");
    }

    static void Twice(IEnumerable<string> names, string where, List<Finding> findings)
    {
        foreach (var doubled in names.GroupBy(name => name).Where(group => group.Count() > 1))
            Add(findings, "bad-manifest", where, $"{doubled.Key} stands twice in {where}.", "Build the package again.");
    }

    static void Add(List<Finding> findings, string code, string where, string message, string next) =>
        findings.Add(new Finding($"package/{code}", where, message, next));
}
