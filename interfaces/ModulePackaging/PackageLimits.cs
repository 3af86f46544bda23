namespace Evergrain.ModulePackaging;

/// <summary>How large a package may be, packed and unpacked. Sizes in bytes.</summary>
public sealed record PackageLimits
{
    /// <summary>Default 64 MiB.</summary>
    public long MaxPackageBytes { get; init; } = 64L << 20;

    /// <summary>Default 512.</summary>
    public int MaxEntries { get; init; } = 512;

    /// <summary>Unpacked. Default 64 MiB.</summary>
    public long MaxEntryBytes { get; init; } = 64L << 20;

    /// <summary>Unpacked, all entries. Default 128 MiB.</summary>
    public long MaxTotalBytes { get; init; } = 128L << 20;

    /// <summary>Unpacked over packed, for entries above 64 KiB. Default 200.</summary>
    public int MaxCompressionRatio { get; init; } = 200;
}
