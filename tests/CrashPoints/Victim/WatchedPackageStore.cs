using Evergrain.Contracts.Ops;
using Evergrain.CrashPoints.Points;
using Evergrain.Runtime;

namespace Evergrain.CrashPoints.Victim;

/// <summary>The real store of packages, with each call counted by what it is.</summary>
internal sealed class WatchedPackageStore(IPackageStore store, Executioner executioner) : IPackageStore
{
    public ValueTask<PackageReceipt> Publish(PublishedPackage package, CancellationToken cancellation) => executioner.Watch(StoreCall.PackagePublish, () => store.Publish(package, cancellation));
    public ValueTask<ReadOnlyMemory<byte>?> Read(string digest, CancellationToken cancellation) => executioner.Watch(StoreCall.PackageRead, () => store.Read(digest, cancellation));
    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation) => executioner.Watch(StoreCall.PackageFind, () => store.Find(name, version, cancellation));
    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation) => executioner.Watch(StoreCall.PackageList, () => store.List(cancellation));
}
