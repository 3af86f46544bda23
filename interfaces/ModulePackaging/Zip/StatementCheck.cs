using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>The statement must name exactly what the package holds.</summary>
internal static class StatementCheck
{
    public static void Check(ModuleManifest manifest, PackageStatement statement, IReadOnlyDictionary<string, byte[]> entries, List<Finding> findings)
    {
        if (statement.Name != manifest.Name || statement.Version != manifest.Version)
            Add(findings, PackageLayout.Signature, $"The statement is about {statement.Name}@{statement.Version}, the manifest about {manifest.Name}@{manifest.Version}.");
        foreach (var (path, hash) in statement.Entries)
        {
            if (!entries.TryGetValue(path, out var content)) Add(findings, path, $"The statement names {path}, which the package lacks.");
            else if (PackageWriter.Hash(content) != hash) Add(findings, path, $"{path} has other bytes than the statement says.");
        }
        foreach (var path in entries.Keys)
            if (path != PackageLayout.Signature && !statement.Entries.ContainsKey(path)) Add(findings, path, $"The statement does not name {path}.");
    }

    static void Add(List<Finding> findings, string where, string message) =>
        findings.Add(new Finding("package/wrong-digest", where, message, "Build the package again; it was changed after it was packed."));
}
