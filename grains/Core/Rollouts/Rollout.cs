using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>The way from one release to the next, as the cluster record holds it. One runs at a time; an ended one stays in the record
/// until the next begins.</summary>
public sealed record Rollout
{
    public required string Id { get; init; }
    public required RolloutPhase Phase { get; init; }

    /// <summary>The epoch that it was planned against.</summary>
    public required long FromEpoch { get; init; }

    /// <summary>The whole release that would serve, what does not change included.</summary>
    public required IReadOnlyList<PackageRef> Packages { get; init; }
    public required IReadOnlyList<PackageRef> Migrators { get; init; }

    /// <summary>What serves until the commit and no longer after it: gone everywhere before the rollout is permanent.</summary>
    public required IReadOnlyList<PackageRef> Replaced { get; init; }

    public required IReadOnlyList<ModuleChange> Changes { get; init; }
    public required string Actor { get; init; }
    public string? Reason { get; init; }
    public required string TraceId { get; init; }
    public bool DryRun { get; init; }
    public long? Undoes { get; init; }

    /// <summary>The operator accepts that states may not be able to go back.</summary>
    public bool OneWay { get; init; }

    /// <summary>The operator accepts states that an undo would not bring back as they were, and entries that would have to wait.</summary>
    public bool AcceptDifferences { get; init; }

    /// <summary>What would have refused it, had the operator not accepted it.</summary>
    public IReadOnlyList<Finding> Accepted { get; init; } = [];

    /// <summary>How often a silo tries again to prepare a package.</summary>
    public required int PrepareRetries { get; init; }

    /// <summary>From request to commit. A new version grain grants it afresh.</summary>
    public required TimeSpan Allowed { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When each phase was entered, oldest first.</summary>
    public required IReadOnlyList<PhaseTime> Timings { get; init; }

    /// <summary>Null before the commit.</summary>
    public long? Epoch { get; init; }

    /// <summary>How the silos stood when the phase was entered.</summary>
    public IReadOnlyList<SiloRolloutStatus> Silos { get; init; } = [];
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public bool Ended => Phase is RolloutPhase.Permanent or RolloutPhase.Aborted;

    /// <summary>Silos prepare its packages and keep them loaded.</summary>
    public bool Prepares => Phase is RolloutPhase.Requested or RolloutPhase.Preparing or RolloutPhase.Prepared;

    /// <summary>The rollout one phase on.</summary>
    public Rollout Enter(RolloutPhase phase, DateTimeOffset now) => this with { Phase = phase, Timings = [.. Timings, new PhaseTime(phase, now)] };

    /// <summary>As an operator sees it, with live rows and findings when there are newer ones than the record holds.</summary>
    public RolloutStatus ToStatus(DateTimeOffset? deadline = null, IReadOnlyList<SiloRolloutStatus>? silos = null, IReadOnlyList<Finding>? findings = null, IReadOnlyList<Finding>? accepted = null) => new()
    {
        Id = Id, Phase = Phase, Actor = Actor, Reason = Reason, TraceId = TraceId, DryRun = DryRun, Undo = Undoes is not null,
        Modules = Changes, Epoch = Epoch, RequestedAt = RequestedAt, Deadline = deadline ?? RequestedAt + Allowed,
        Timings = Timings, Silos = silos ?? Silos, Findings = findings ?? Findings, Accepted = accepted ?? Accepted,
    };
}
