using Evergrain.Core.Rollouts;

namespace Evergrain.Host;

/// <summary>Begins a new life of a store that was restored from a backup, before any silo serves: the incarnation grows, and no silo of the life before is
/// enrolled any more. Whoever has seen what came after the backup hears <c>epoch-unknown</c> once, and goes on.</summary>
internal static class NewIncarnation
{
    // This host alone has the store; another writer is none that would go on for long.
    const int MostTries = 8;

    /// <returns>The incarnation that begins.</returns>
    /// <exception cref="InvalidOperationException">Somebody else keeps writing the cluster record.</exception>
    public static async Task<long> Begin(IClusterStore store, CancellationToken cancellation)
    {
        var record = await store.Read(cancellation);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var next = record with { Incarnation = record.Incarnation + 1, Silos = [], WriteId = Guid.NewGuid() };
            switch (await store.Write(next, record.Etag, cancellation))
            {
                case ClusterWriteOutcome.Written written: return written.Record.Incarnation;
                case ClusterWriteOutcome.Conflict conflict: record = conflict.Current; break;
                default:
                    record = await store.Read(cancellation);
                    if (record.WriteId == next.WriteId) return record.Incarnation;
                    break;
            }
        }
        throw new InvalidOperationException("another writes the cluster record; stop whatever uses this store.");
    }
}
