using System.Text.Json.Serialization;

namespace Evergrain.Contracts.Ops;

/// <summary>Asks for one or more modules (and data sets) to switch together.</summary>
public sealed record RolloutRequest
{
    public required IReadOnlyList<ModuleId> Modules { get; init; }
    public string? Reason { get; init; }

    /// <summary>From request to commit; past it the rollout is aborted. 1 to 3600, default 30.</summary>
    public int DeadlineSeconds { get; init; } = 30;

    /// <summary>How often a silo tries again to prepare. 0 to 10, default 3.</summary>
    public int PrepareRetries { get; init; } = 3;

    /// <summary>Prepare everywhere, report, commit nothing, leave nothing behind.</summary>
    public bool DryRun { get; init; }

    /// <summary>Accepts that states cannot go back: without it a rollout that could not be undone whole is refused as <c>one-way</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OneWay { get; init; }

    /// <summary>Accepts what the rehearsal found of states that would not come back as they are, and of entries that would have to wait: without it
    /// they refuse the rollout. A state that the new version cannot take refuses it always.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AcceptDifferences { get; init; }
}

public sealed record UndoRequest
{
    public string? Reason { get; init; }
    public int DeadlineSeconds { get; init; } = 30;

    /// <summary>Accepts that states which cannot come down are left behind: their entities answer <c>entity-quarantined</c>, with their bytes
    /// kept. Without it such an undo is refused as <c>one-way</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OneWay { get; init; }
}

public sealed record AbortRequest
{
    public string? Reason { get; init; }
}

public sealed record RolloutAccepted(string Id);

/// <summary>Where a rollout stands. Canary steps, baking and pausing will stand between <see cref="Prepared"/> and <see cref="Permanent"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutPhase>))]
public enum RolloutPhase
{
    [JsonStringEnumMemberName("requested")] Requested,
    [JsonStringEnumMemberName("preparing")] Preparing,
    [JsonStringEnumMemberName("prepared")] Prepared,
    /// <summary>Committed: the new release serves; silos converge and the old version drains.</summary>
    [JsonStringEnumMemberName("draining")] Draining,
    /// <summary>Every enrolled silo serves the release and the old versions are gone.</summary>
    [JsonStringEnumMemberName("permanent")] Permanent,
    [JsonStringEnumMemberName("aborting")] Aborting,
    [JsonStringEnumMemberName("aborted")] Aborted,
}

/// <summary>One rollout, whole: what an operator asks of it.</summary>
public sealed record RolloutStatus
{
    public required string Id { get; init; }
    public required RolloutPhase Phase { get; init; }
    public required string Actor { get; init; }
    public string? Reason { get; init; }
    public required string TraceId { get; init; }
    public bool DryRun { get; init; }
    public bool Undo { get; init; }
    public required IReadOnlyList<ModuleChange> Modules { get; init; }
    /// <summary>The epoch that it was committed as; null before the commit.</summary>
    public long? Epoch { get; init; }
    public required DateTimeOffset RequestedAt { get; init; }
    public required DateTimeOffset Deadline { get; init; }
    /// <summary>When each phase was entered.</summary>
    public required IReadOnlyList<PhaseTime> Timings { get; init; }
    public required IReadOnlyList<SiloRolloutStatus> Silos { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What would have refused it, had the operator not accepted it.</summary>
    public IReadOnlyList<Finding> Accepted { get; init; } = [];

    /// <summary>What came of trying the live state on what is new, over all silos; null before any has.</summary>
    public RehearsalCount? Rehearsal =>
        Silos.Any(silo => silo.Rehearsal is not null) ? Silos.Aggregate(RehearsalCount.None, (all, silo) => silo.Rehearsal is { } one ? all + one : all) : null;
}

/// <summary>How one module changes. <c>From</c> or <c>To</c> is null when it is added or removed.</summary>
/// <param name="Methods">Methods whose code differs between the two, <c>+</c> added, <c>-</c> removed, <c>~</c> changed, as in <c>~ Battle.BattleModule.Cast</c>.</param>
public sealed record ModuleChange(string Name, string? From, string? To, IReadOnlyList<string> Methods);

public sealed record PhaseTime(RolloutPhase Phase, DateTimeOffset At);

/// <summary>One silo's part in a rollout.</summary>
/// <param name="State"><c>waiting</c>, <c>preparing</c>, <c>prepared</c>, <c>refused</c>, <c>serving</c>, <c>draining</c>, <c>done</c> or <c>left</c>.</param>
/// <param name="Tries">How often it has tried to prepare.</param>
public sealed record SiloRolloutStatus(string Silo, string State, int Tries, long Epoch, double? PrepareMs)
{
    /// <summary>What came of trying its live state on what is new; null before that.</summary>
    public RehearsalCount? Rehearsal { get; init; }
}
