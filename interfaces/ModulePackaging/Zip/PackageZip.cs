using System.IO.Compression;
using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary>Unpacks a zip within limits. Nothing is trusted: neither names, nor declared sizes, nor that it is a zip at all.</summary>
internal static class PackageZip
{
    const long SmallEntry = 64 << 10;

    public static Dictionary<string, byte[]> Read(ReadOnlyMemory<byte> package, PackageLimits limits, List<Finding> findings)
    {
        var entries = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (package.Length > limits.MaxPackageBytes)
        {
            Add(findings, "too-large", "package", $"The package is {package.Length:N0} bytes; at most {limits.MaxPackageBytes:N0} are taken.", "Make it smaller, or raise the host's limit.");
            return entries;
        }
        try
        {
            using var archive = new ZipArchive(new MemoryStream(package.ToArray(), writable: false), ZipArchiveMode.Read);
            ReadAll(archive, limits, entries, findings);
        }
        catch (InvalidDataException wrong)
        {
            Refuse(package.Span, wrong.Message, findings);
        }
        return entries;
    }

    static void ReadAll(ZipArchive archive, PackageLimits limits, Dictionary<string, byte[]> entries, List<Finding> findings)
    {
        if (archive.Entries.Count == 0) Add(findings, "empty", "package", "The zip has no entries.", "Build the package again.");
        if (archive.Entries.Count > limits.MaxEntries)
        {
            Add(findings, "too-many-entries", "package", $"The package has {archive.Entries.Count} entries; at most {limits.MaxEntries} are taken.", "Pack fewer files.");
            return;
        }
        var total = 0L;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in archive.Entries)
        {
            if (!IsNameFine(entry.FullName, names, findings) || !IsSizeFine(entry, limits, findings)) continue;
            total += entry.Length;
            if (total > limits.MaxTotalBytes)
            {
                Add(findings, "bomb", entry.FullName, $"The entries unpack to more than {limits.MaxTotalBytes:N0} bytes.", "Pack less, or raise the host's limit.");
                return;
            }
            if (Unpack(entry, findings) is { } content) entries.Add(entry.FullName, content);
        }
    }

    static bool IsNameFine(string name, HashSet<string> seen, List<Finding> findings)
    {
        var escapes = name.Contains('\\') || name.Contains(':') || name.StartsWith('/') || name.Split('/').Any(part => part is ".." or ".") || name.Any(char.IsControl);
        if (escapes) Add(findings, "path-escapes", name, $"The entry '{Printable(name)}' leads out of the package.", "Use plain relative names with '/'.");
        else if (!PackageLayout.IsKnown(name)) Add(findings, "unknown-entry", name, $"The entry '{name}' has no place in a package.", "Keep module.json, signature.json, data.json, lib/*.dll, lib/*.pdb and samples/*.json.");
        else if (!seen.Add(name)) Add(findings, "entry-twice", name, $"The entry '{name}' stands twice in the package.", "Pack each file once.");
        else return true;
        return false;
    }

    static bool IsSizeFine(ZipArchiveEntry entry, PackageLimits limits, List<Finding> findings)
    {
        if (entry.Length > limits.MaxEntryBytes)
            Add(findings, "bomb", entry.FullName, $"The entry unpacks to {entry.Length:N0} bytes; at most {limits.MaxEntryBytes:N0} are taken.", "Pack less, or raise the host's limit.");
        else if (entry.Length > SmallEntry && entry.Length / Math.Max(1, entry.CompressedLength) > limits.MaxCompressionRatio)
            Add(findings, "bomb", entry.FullName, $"The entry unpacks to {entry.Length / Math.Max(1, entry.CompressedLength)} times its size; at most {limits.MaxCompressionRatio} times is taken.", "Pack ordinary files.");
        else return true;
        return false;
    }

    // Reads what was declared and looks for one byte more: a lying header shows here, whatever it claims.
    static byte[]? Unpack(ZipArchiveEntry entry, List<Finding> findings)
    {
        try
        {
            var content = new byte[entry.Length];
            using var stream = entry.Open();
            if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == content.Length && stream.ReadByte() < 0) return content;
            Add(findings, "bad-entry", entry.FullName, "The entry's size is not what its header says.", "Build the package again.");
        }
        catch (InvalidDataException wrong)
        {
            Add(findings, "bad-entry", entry.FullName, $"The entry cannot be unpacked: {wrong.Message}", "Build the package again.");
        }
        return null;
    }

    static void Refuse(ReadOnlySpan<byte> package, string message, List<Finding> findings)
    {
        if (package.StartsWith("PK\u0003\u0004"u8)) Add(findings, "cut-off", "package", $"The zip is not whole: {message}", "Send it again.");
        else Add(findings, "no-zip", "package", $"This is no zip: {message}", "Send a .gmod file.");
    }

    static string Printable(string name) => string.Concat(name.Take(200).Select(c => char.IsControl(c) ? '?' : c));

    static void Add(List<Finding> findings, string code, string where, string message, string next) =>
        findings.Add(new Finding($"package/{code}", Printable(where), message, next));
}
