namespace Evergrain.ModulePackaging;

/// <summary>What to pack: an assembly, or a data set's file.</summary>
public sealed record PackRequest
{
    public required string Name { get; init; }
    public required string Version { get; init; }

    /// <summary>The built module; the assemblies that it needs stand beside it. Exactly one of this and <see cref="DataFile"/>.</summary>
    public string? Assembly { get; init; }

    /// <summary>A JSON file.</summary>
    public string? DataFile { get; init; }

    /// <summary>Sample files of a module; each has a name of its own.</summary>
    public IReadOnlyList<string> Samples { get; init; } = [];
}

/// <summary>What came of packing: the package's bytes, or findings.</summary>
public sealed record PackResult(byte[]? Package, ModuleManifest? Manifest, IReadOnlyList<Contracts.Finding> Findings);
