namespace Evergrain.Contracts.Ops;

/// <summary>What the ops door asks of a cluster. Bad input is a <see cref="FindingsException"/> with every finding; nothing is applied then.
/// A store that does not answer or is full is a <see cref="CallFailedException"/> with a time to retry; publishing on a full one is a
/// <see cref="FindingsException"/> with it. Safe from any thread.</summary>
public interface IClusterOps
{
    Task<PackageReceipt> Publish(ReadOnlyMemory<byte> package, CancellationToken cancellation);
    Task<IReadOnlyList<PackageReceipt>> Packages(CancellationToken cancellation);
    Task<RolloutAccepted> StartRollout(RolloutRequest request, string actor, CancellationToken cancellation);
    /// <exception cref="FindingsException"><see cref="ErrorCodes.UnknownRollout"/>.</exception>
    Task<RolloutStatus> Rollout(string id, CancellationToken cancellation);
    /// <summary>Gives a rollout up before its commit. After it, <see cref="Undo"/> is the way back.</summary>
    Task<RolloutStatus> AbortRollout(string id, AbortRequest request, string actor, CancellationToken cancellation);
    /// <summary>Rolls out what served before; each further undo goes one further back.</summary>
    Task<RolloutAccepted> Undo(UndoRequest request, string actor, CancellationToken cancellation);
    Task<IReadOnlyList<ReleaseStatus>> History(CancellationToken cancellation);
    Task<ClusterStatus> Status(CancellationToken cancellation);
    /// <summary>Development hosts only: the silo refuses everything at once, as if its process had died.</summary>
    Task KillSilo(string silo, CancellationToken cancellation);
    /// <summary>What happens from now on: rollout phases, silos joining and leaving, slots gone or stuck.</summary>
    IAsyncEnumerable<OpsEvent> Events(CancellationToken cancellation);
}

/// <summary>One line for operators.</summary>
/// <param name="Type"><c>rollout</c>, <c>silo</c>, <c>slot</c> or <c>entity</c>.</param>
public sealed record OpsEvent(string Type, DateTimeOffset At, string Message)
{
    public string? RolloutId { get; init; }
    public string? TraceId { get; init; }
    public string? Silo { get; init; }
    public string? Module { get; init; }
    public long? Epoch { get; init; }
}
