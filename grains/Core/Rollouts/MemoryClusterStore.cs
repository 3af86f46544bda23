using System.Globalization;

namespace Evergrain.Core.Rollouts;

/// <summary>Keeps the record in this process, outside the silos: it outlives a killed silo, not the process. Safe from any thread.</summary>
public sealed class MemoryClusterStore : IClusterStore
{
    readonly Lock writing = new();
    ClusterRecord record = ClusterRecord.First with { Etag = "1" };
    ClusterHistory history = ClusterHistory.Empty;
    long lastEtag = 1;

    public ValueTask<ClusterRecord> Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (writing) return new(record);
    }

    public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (writing)
        {
            if (record.Etag != expectedEtag) return new(new ClusterWriteOutcome.Conflict(record));
            next.MustFollow(record);
            history = history.After(record, next);
            record = next with { Etag = (++lastEtag).ToString(CultureInfo.InvariantCulture) };
            return new(new ClusterWriteOutcome.Written(record));
        }
    }

    public ValueTask<ClusterHistory> History(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (writing) return new(history);
    }
}
