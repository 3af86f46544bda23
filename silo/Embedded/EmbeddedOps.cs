using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Operators;
using Evergrain.Core.Rollouts;

namespace Evergrain.Embedded;

/// <summary>The ops door's way into the cluster.</summary>
internal sealed class EmbeddedOps(EmbeddedCluster cluster, OpsEventHub events) : IClusterOps
{
    // Judging a package takes long enough that turns would notice.
    public Task<PackageReceipt> Publish(ReadOnlyMemory<byte> package, CancellationToken cancellation)
    {
        var receipt = new TaskCompletionSource<PackageReceipt>(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Ports.Background.Post(() => _ = Publish(package, receipt, cancellation));
        return receipt.Task;
    }

    public async Task<IReadOnlyList<PackageReceipt>> Packages(CancellationToken cancellation) =>
        [.. (await StoreAnswers.Asked(() => cluster.Ports.Packages.List(cancellation))).Select(package => new PackageReceipt(package.Ref.Name, package.Ref.Version, package.Ref.Digest, package.Size, false))];

    public Task<RolloutAccepted> StartRollout(RolloutRequest request, string actor, CancellationToken cancellation) => Grain().StartRollout(request, actor);
    public Task<RolloutStatus> Rollout(string id, CancellationToken cancellation) => Grain().Rollout(id);
    public Task<RolloutStatus> AbortRollout(string id, AbortRequest request, string actor, CancellationToken cancellation) => Grain().Abort(id, request, actor);
    public Task<RolloutAccepted> Undo(UndoRequest request, string actor, CancellationToken cancellation) => Grain().Undo(request, actor);
    public Task<IReadOnlyList<ReleaseStatus>> History(CancellationToken cancellation) => Grain().History();
    public Task KillSilo(string silo, CancellationToken cancellation) => cluster.KillSilo(silo);
    public IAsyncEnumerable<OpsEvent> Events(CancellationToken cancellation) => events.Listen(cancellation);

    public async Task<ClusterStatus> Status(CancellationToken cancellation)
    {
        var record = await StoreAnswers.Asked(() => cluster.Ports.Cluster.Read(cancellation));
        var silos = cluster.Members.Select(silo => new SiloStatus(silo.Id, silo.Entities.Epoch, silo.Entities.Count, silo.Modules.Report()));
        return new ClusterStatus(record.Epoch, [.. silos], cluster.Membership.Newest.Home?.VersionGrain() is { } grain ? await grain.Current() : null);
    }

    async Task Publish(ReadOnlyMemory<byte> package, TaskCompletionSource<PackageReceipt> receipt, CancellationToken cancellation)
    {
        try
        {
            receipt.SetResult(await StoreAnswers.Asked(() => cluster.Intake.Publish(package, cancellation), Ran.Unknown));
        }
        catch (Exception refused)
        {
            receipt.SetException(refused);
        }
    }

    VersionGrain Grain() => cluster.Membership.Newest.Home?.VersionGrain()
        ?? throw new FindingsException(ErrorCodes.SiloNotReady, "No silo serves.", "Try again once a silo has joined.");
}
