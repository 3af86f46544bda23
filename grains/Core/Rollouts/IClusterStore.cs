namespace Evergrain.Core.Rollouts;

/// <summary>Where the cluster record lives, outside the silos. Safe from any thread. Any method may throw when the store cannot be
/// reached; a write that threw may have been applied, as with <see cref="ClusterWriteOutcome.Unknown"/>.</summary>
public interface IClusterStore
{
    /// <summary>The newest record. A new store begins with one of epoch 0, no rollout and no silo.</summary>
    ValueTask<ClusterRecord> Read(CancellationToken cancellation);

    /// <summary>Replaces the record if its etag is still the expected one, and keeps the history with it, all or nothing.</summary>
    ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation);

    ValueTask<ClusterHistory> History(CancellationToken cancellation);
}

/// <summary>What became of one conditional write.</summary>
public abstract record ClusterWriteOutcome
{
    /// <param name="Record">As written, with its new etag.</param>
    public sealed record Written(ClusterRecord Record) : ClusterWriteOutcome;

    /// <summary>Another wrote first; nothing was applied.</summary>
    public sealed record Conflict(ClusterRecord Current) : ClusterWriteOutcome;

    /// <summary>Nobody knows: read before anything else.</summary>
    public sealed record Unknown : ClusterWriteOutcome;
}
