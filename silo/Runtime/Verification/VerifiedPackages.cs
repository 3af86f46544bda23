using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Verification;

/// <summary>Remembers the last few packages that were found right, so that the silos of one process, which prepare the same packages at the
/// same time, judge each once. A digest names its bytes for ever, so what was found right stays right under the same rules. Safe from any
/// thread.</summary>
public sealed class VerifiedPackages
{
    const int MostPackages = 16;
    const long MostBytes = 16 << 20;

    readonly Lock gate = new();
    readonly LinkedList<Entry> newest = new();
    long bytes;

    /// <param name="digest">Of the very bytes that <paramref name="package"/> holds.</param>
    /// <returns>The contents, or null with every finding.</returns>
    internal PackageReading Verify(string digest, ReadOnlyMemory<byte> package, PackageLimits limits, SignaturePolicy policy, CancellationToken cancellation)
    {
        if (Find(digest, limits, policy) is { } known) return new PackageReading(known, []);
        var reading = PackageVerification.Verify(package, limits, policy, cancellation);
        if (reading.Contents is { } contents) Remember(new Entry(digest, limits, policy, contents, contents.Entries.Values.Sum(entry => (long)entry.Length)));
        return reading;
    }

    PackageContents? Find(string digest, PackageLimits limits, SignaturePolicy policy)
    {
        lock (gate)
            foreach (var entry in newest)
                if (entry.Digest == digest && entry.Limits == limits && entry.Policy == policy) return entry.Contents;
        return null;
    }

    void Remember(Entry entry)
    {
        if (entry.Bytes > MostBytes) return;
        lock (gate)
        {
            newest.AddFirst(entry);
            for (bytes += entry.Bytes; newest.Count > MostPackages || bytes > MostBytes; newest.RemoveLast()) bytes -= newest.Last!.Value.Bytes;
        }
    }

    sealed record Entry(string Digest, PackageLimits Limits, SignaturePolicy Policy, PackageContents Contents, long Bytes);
}
