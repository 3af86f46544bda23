namespace Evergrain.ModulePackaging;

/// <summary>An opened package that passed every check of <see cref="PackageReader"/>. Immutable; safe from any thread.</summary>
public sealed class PackageContents
{
    internal PackageContents(ModuleManifest manifest, PackageSignature signature, string digest, long size, IReadOnlyDictionary<string, byte[]> entries) =>
        (Manifest, Signature, Digest, Size, Entries) = (manifest, signature, digest, size, entries);

    public ModuleManifest Manifest { get; }
    public PackageSignature Signature { get; }

    /// <summary>SHA-256 of the package's bytes, lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Of the package, in bytes.</summary>
    public long Size { get; }

    /// <summary>By their paths, such as <c>lib/Battle.dll</c>.</summary>
    public IReadOnlyDictionary<string, byte[]> Entries { get; }

    /// <summary>The content of a data set; null in a module.</summary>
    public byte[]? Data => Entries.GetValueOrDefault(PackageLayout.Data);

    /// <summary>By their paths, such as <c>samples/cast.json</c>, in order.</summary>
    public IReadOnlyDictionary<string, Sample> Samples => new SortedDictionary<string, Sample>(Entries
        .Where(entry => entry.Key.StartsWith(PackageLayout.Samples, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key, entry => SampleReader.Read(entry.Key, entry.Value, []) ?? throw new InvalidOperationException($"{entry.Key} passed the reader before.")), StringComparer.Ordinal);

    /// <summary>The assemblies of <c>lib/</c> by simple name.</summary>
    public IReadOnlyDictionary<string, AssemblyImage> Assemblies => Entries
        .Where(entry => PackageLayout.IsAssembly(entry.Key))
        .ToDictionary(entry => Path.GetFileNameWithoutExtension(entry.Key),
            entry => new AssemblyImage(entry.Value, Entries.GetValueOrDefault(Path.ChangeExtension(entry.Key, ".pdb"))), StringComparer.OrdinalIgnoreCase);
}

/// <summary>An assembly's bytes, with those of its portable PDB where there is one.</summary>
public sealed record AssemblyImage(byte[] Dll, byte[]? Pdb);
