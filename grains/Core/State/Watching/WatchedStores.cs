using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Core.State.Watching;

internal sealed class WatchedEntityStore(IEntityStore store, StoreWatch watch) : IEntityStore
{
    public StoreCapabilities Capabilities => store.Capabilities;
    public ValueTask<EntityRecord?> Read(EntityId id) => watch.Ask(StoreUse.Read, (store, id), static asked => asked.store.Read(asked.id));
    public ValueTask<IReadOnlyList<WriteOutcome>> Write(IReadOnlyList<EntityWrite> writes) => watch.Ask(StoreUse.Write, (store, writes), static asked => asked.store.Write(asked.writes), WhyFull);
    public ValueTask<IReadOnlyList<EntityId>> WakeUps() => watch.Ask(StoreUse.Listing, store, static store => store.WakeUps());
    public ValueTask<EntityPage> List(EntityQuery query) => watch.Ask(StoreUse.Listing, (store, query), static asked => asked.store.List(asked.query));

    static string? WhyFull(IReadOnlyList<WriteOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
            if (outcome.Refused is { Code: ErrorCodes.StoreFull } refusal) return refusal.Message;
        return null;
    }
}

internal sealed class WatchedClusterStore(IClusterStore store, StoreWatch watch) : IClusterStore
{
    public ValueTask<ClusterRecord> Read(CancellationToken cancellation) => watch.Ask(StoreUse.Read, (store, cancellation), static asked => asked.store.Read(asked.cancellation));

    public ValueTask<ClusterWriteOutcome> Write(ClusterRecord next, string expectedEtag, CancellationToken cancellation) =>
        watch.Ask(StoreUse.Write, (store, next, expectedEtag, cancellation), static asked => asked.store.Write(asked.next, asked.expectedEtag, asked.cancellation));

    public ValueTask<ClusterHistory> History(CancellationToken cancellation) => watch.Ask(StoreUse.Listing, (store, cancellation), static asked => asked.store.History(asked.cancellation));
}

/// <summary>Packages are large: each question may take long.</summary>
internal sealed class WatchedPackageStore(IPackageStore store, StoreWatch watch) : IPackageStore
{
    public ValueTask<PackageReceipt> Publish(PublishedPackage package, CancellationToken cancellation) => watch.Ask(StoreUse.Listing, (store, package, cancellation), static asked => asked.store.Publish(asked.package, asked.cancellation));
    public ValueTask<ReadOnlyMemory<byte>?> Read(string digest, CancellationToken cancellation) => watch.Ask(StoreUse.Listing, (store, digest, cancellation), static asked => asked.store.Read(asked.digest, asked.cancellation));
    public ValueTask<PublishedPackage?> Find(string name, string version, CancellationToken cancellation) => watch.Ask(StoreUse.Listing, (store, name, version, cancellation), static asked => asked.store.Find(asked.name, asked.version, asked.cancellation));
    public ValueTask<IReadOnlyList<PublishedPackage>> List(CancellationToken cancellation) => watch.Ask(StoreUse.Listing, (store, cancellation), static asked => asked.store.List(asked.cancellation));
}
