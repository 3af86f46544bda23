using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Runtime;

/// <summary>Packages in memory, for as long as this object lives.</summary>
public sealed class MemoryPackageStore : IPackageStore
{
    readonly Lock gate = new();
    readonly Dictionary<ModuleId, PublishedPackage> byId = [];
    readonly Dictionary<string, PublishedPackage> byDigest = [];
    IReadOnlyList<PublishedPackage>? listed;

    public ValueTask<PackageReceipt> Publish(PublishedPackage package, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!byId.TryGetValue(package.Ref.Id, out var first))
            {
                // The caller's buffer may be used again.
                first = package with { Bytes = package.Bytes.ToArray() };
                byId.Add(first.Ref.Id, first);
                byDigest.Add(first.Ref.Digest, first);
                listed = null;
                return new(first.Receipt(created: true));
            }
            return first.Ref.Digest == package.Ref.Digest ? new(first.Receipt(created: false)) : throw first.TakenFor(package);
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> Read(string digest, CancellationToken cancellation)
    {
        lock (gate) return new(byDigest.GetValueOrDefault(digest)?.Bytes);
    }

    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation)
    {
        lock (gate) return new(byId.GetValueOrDefault(new ModuleId(name, version)));
    }

    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation)
    {
        lock (gate)
            return new(listed ??= [.. PublishedPackage.InOrder(byId.Values)]);
    }
}
