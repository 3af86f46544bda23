using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Plans;

/// <summary>All that a run sets out to do, decided before it begins, so that parts can be left out to find what matters.</summary>
internal sealed record Plan
{
    public required int Seed { get; init; }

    /// <summary>How many silos there are at the beginning.</summary>
    public required int Silos { get; init; }
    public required IReadOnlyList<PlannedCall> Calls { get; init; }
    public required IReadOnlyList<PlannedRollout> Rollouts { get; init; }

    /// <summary>What the same players do once a backup was restored; none where none is.</summary>
    public required IReadOnlyList<PlannedCall> CallsAfterRestore { get; init; }
    public required IReadOnlyList<PlannedFault> Faults { get; init; }

    /// <summary>How much longer the record's writes take that leave a phase: so a phase of two steps lasts long enough for things to happen in it.</summary>
    public required IReadOnlyDictionary<RolloutPhase, TimeSpan> Lingers { get; init; }

    /// <summary>Some wallets are active nowhere when players begin, and are left alone: they are brought to another schema late.</summary>
    public required bool ColdWallets { get; init; }

    /// <summary>Silos try their live state on a version before it may serve. Not where steps throw by chance: then nearly every rollout would be refused.</summary>
    public required bool Rehearses { get; init; }

    /// <summary>How long work beside the game may wait for a thread at the longest: silos load and prepare at different speeds. Zero: it waits for none.</summary>
    public required TimeSpan BusyThreads { get; init; }

    /// <summary>Nothing was left out: the run sees to it that it is as large as a run has to be.</summary>
    public bool IsWhole { get; init; } = true;
}

/// <param name="Number">The same whatever else is left out.</param>
/// <param name="After">The player's rest before it.</param>
/// <param name="Keyed">With an idempotency key, and asked again until it is answered.</param>
/// <param name="Patience">Until its deadline.</param>
internal sealed record PlannedCall(int Number, int Player, TimeSpan After, EntityId Entity, string Operation, object? Arguments, bool Keyed, TimeSpan Patience)
{
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(4);
}

/// <param name="At">Since the players began.</param>
internal sealed record PlannedRollout(int Number, TimeSpan At, IReadOnlyList<ModuleId> Modules, bool DryRun);

/// <param name="Silo">Which of the silos that live then, by a number taken modulo.</param>
/// <param name="Phase">It waits until a rollout enters this phase; null: it comes at its time.</param>
/// <param name="Skip">How many times that phase is let go by before.</param>
/// <param name="After">Since the players began, or since the record was written with that phase; zero and no steps: at that very moment.</param>
/// <param name="Steps">So many steps later still: two steps apart is between two awaits.</param>
/// <param name="Lasts">For what does not last it is how long until the silo is replaced.</param>
/// <param name="Probability">Of each message or question that it may strike.</param>
/// <param name="AtWrite">It then waits for the next write of an entity, and strikes the silo that made it: what was written is in the store, and nobody knows yet.</param>
internal sealed record PlannedFault(int Number, FaultKind Kind, int Silo, RolloutPhase? Phase, int Skip, TimeSpan After, int Steps, TimeSpan Lasts, double Probability, TimeSpan Amount, bool AtWrite = false);
