namespace Evergrain.ModulePackaging;

/// <summary><c>signature.json</c>: the statement of what the package holds and, where it is signed, who vouches for it.</summary>
public sealed record PackageSignature
{
    public required PackageStatement Statement { get; init; }

    /// <summary>Names the key; null in an unsigned package.</summary>
    public string? KeyId { get; init; }

    /// <summary>ECDSA P-256 over the statement's UTF-8 JSON, base64; null in an unsigned package.</summary>
    public string? Signature { get; init; }
}

/// <summary>Name, version and the SHA-256 (lower-case hex) of every entry but <c>signature.json</c> itself.</summary>
public sealed record PackageStatement
{
    public required string Name { get; init; }
    public required string Version { get; init; }
    public required SortedDictionary<string, string> Entries { get; init; }
}
