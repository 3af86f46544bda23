using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Gateway.Tests.Fakes;

/// <summary>Stands for the cluster behind the ops door: remembers what it was asked.</summary>
internal sealed class Cluster : IClusterOps
{
    static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public List<ReadOnlyMemory<byte>> Published { get; } = [];
    public List<(RolloutRequest Request, string Actor)> Rollouts { get; } = [];
    public List<(UndoRequest Request, string Actor)> Undos { get; } = [];
    public List<string> Killed { get; } = [];
    public Channel<OpsEvent> Happening { get; } = Channel.CreateUnbounded<OpsEvent>();
    public Exception? Fails { get; set; }

    public Task<PackageReceipt> Publish(ReadOnlyMemory<byte> package, CancellationToken cancellation)
    {
        Check();
        var known = Published.Exists(p => p.Span.SequenceEqual(package.Span));
        Published.Add(package);
        return Task.FromResult(new PackageReceipt("battle", "1.1.0", "abc", package.Length, !known));
    }

    public Task<IReadOnlyList<PackageReceipt>> Packages(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PackageReceipt>>([new PackageReceipt("battle", "1.0.0", "abc", 3, false)]);

    public Task<RolloutAccepted> StartRollout(RolloutRequest request, string actor, CancellationToken cancellation)
    {
        Check();
        Rollouts.Add((request, actor));
        return Task.FromResult(new RolloutAccepted("r1"));
    }

    public Task<RolloutStatus> Rollout(string id, CancellationToken cancellation) => id == "r1"
        ? Task.FromResult(Status(id, RolloutPhase.Preparing))
        : throw new FindingsException(ErrorCodes.UnknownRollout, $"There is no rollout '{id}'.", "List the releases.");

    public Task<RolloutStatus> AbortRollout(string id, AbortRequest request, string actor, CancellationToken cancellation) =>
        Task.FromResult(Status(id, RolloutPhase.Aborting) with { Reason = request.Reason });

    public Task<RolloutAccepted> Undo(UndoRequest request, string actor, CancellationToken cancellation)
    {
        Check();
        Undos.Add((request, actor));
        return Task.FromResult(new RolloutAccepted("r2"));
    }

    public Task<IReadOnlyList<ReleaseStatus>> History(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<ReleaseStatus>>(
        [new ReleaseStatus { Epoch = 1, Modules = [new ModuleId("battle", "1.0.0")], Changes = [], Actor = "unverified", At = At }]);

    public Task<ClusterStatus> Status(CancellationToken cancellation) => Task.FromResult(
        new ClusterStatus(7, [new SiloStatus("silo-1", 7, 3, [new SlotStatus("battle", "1.1.0", SlotState.Serving, 3)])], null));

    public Task KillSilo(string silo, CancellationToken cancellation)
    {
        Killed.Add(silo);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<OpsEvent> Events([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in Happening.Reader.ReadAllAsync(cancellation)) yield return happened;
    }

    void Check()
    {
        if (Fails is { } failure) throw failure;
    }

    static RolloutStatus Status(string id, RolloutPhase phase) => new()
    {
        Id = id, Phase = phase, Actor = "unverified", TraceId = "t", Modules = [], RequestedAt = At, Deadline = At, Timings = [], Silos = [], Findings = [],
    };
}
