namespace Evergrain.Stores.Postgres;

/// <summary>Which database, and its bounds.</summary>
public sealed record PostgresStoreOptions
{
    public required PostgresAddress Address { get; init; }

    /// <summary>The largest record of one entity, in bytes. Default 4 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 4 << 20;

    /// <summary>Reads that may be under way at a time, each on a connection of its own. 1 or more, default 4.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>The longest wait for one answer of the server, in whole seconds. Default 5 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether no other host may use the database meanwhile: an embedded cluster is all of its cluster. Default true.</summary>
    public bool Alone { get; init; } = true;
}
