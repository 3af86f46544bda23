namespace Evergrain.Stores.Sqlite;

/// <summary>Where the file is, and its bounds.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>Made when it is not there; its folder must be. Beside it lie its write-ahead log and its lock.</summary>
    public required string File { get; init; }

    /// <summary>The largest record of one entity, in bytes. Default 4 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 4 << 20;

    /// <summary>The largest file, in bytes; beyond it the store is full. Default: as large as the disk.</summary>
    public long? MaxFileBytes { get; init; }

    /// <summary>Reads that may block at a time. 1 or more, default 4.</summary>
    public int Readers { get; init; } = 4;
}
