using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;

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
                return new(Receipt(first, created: true));
            }
            return first.Ref.Digest == package.Ref.Digest ? new(Receipt(first, created: false)) : throw Taken(first, package);
        }
    }

    public ValueTask<ReadOnlyMemory<byte>?> Read(string digest, CancellationToken cancellation)
    {
        lock (gate) return new(byDigest.TryGetValue(digest, out var package) ? package.Bytes : null);
    }

    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation)
    {
        lock (gate) return new(byId.GetValueOrDefault(new ModuleId(name, version)));
    }

    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation)
    {
        lock (gate)
            return new(listed ??= [.. byId.Values
                .OrderBy(package => package.Ref.Name, StringComparer.Ordinal)
                .ThenBy(package => package.Ref.Version, Comparer<string>.Create(SemanticVersion.Compare))]);
    }

    static PackageReceipt Receipt(PublishedPackage package, bool created) =>
        new(package.Ref.Name, package.Ref.Version, package.Ref.Digest, package.Size, created);

    static FindingsException Taken(PublishedPackage first, PublishedPackage second)
    {
        var message = $"{first.Ref} was published before with other bytes ({first.Ref.Digest[..12]}, not {second.Ref.Digest[..12]}).";
        const string Next = "Raise the version and publish that: a published version never changes.";
        return new FindingsException(ErrorCodes.VersionPublished, message, Next,
            [new Finding("package/version-published", first.Ref.ToString(), message, Next) { Module = first.Ref.ToString() }]);
    }
}
