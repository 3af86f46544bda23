using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace Evergrain.ModulePackaging;

/// <summary>Writes packages. The same manifest and files give the same bytes.</summary>
public static class PackageWriter
{
    // A zip's time starts here. The time of writing would make every package of the same content another one.
    static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="files">Everything but <c>module.json</c> and <c>signature.json</c>, by path.</param>
    public static byte[] Write(ModuleManifest manifest, IReadOnlyDictionary<string, byte[]> files)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [PackageLayout.Manifest] = JsonSerializer.SerializeToUtf8Bytes(manifest, PackagingJson.Default.ModuleManifest),
        };
        foreach (var (path, content) in files) entries.Add(path, content);

        var statement = new PackageStatement { Name = manifest.Name, Version = manifest.Version, Entries = new(StringComparer.Ordinal) };
        foreach (var (path, content) in entries) statement.Entries.Add(path, Hash(content));
        entries.Add(PackageLayout.Signature, JsonSerializer.SerializeToUtf8Bytes(new PackageSignature { Statement = statement }, PackagingJson.Default.PackageSignature));
        return Zip(entries);
    }

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    internal static byte[] Zip(IEnumerable<KeyValuePair<string, byte[]>> entries)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (path, content) in entries)
            {
                var entry = archive.CreateEntry(path, CompressionLevel.Optimal);
                entry.LastWriteTime = Epoch;
                entry.ExternalAttributes = 0;
                using var stream = entry.Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }
}
