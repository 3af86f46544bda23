using System.Text.Json;
using System.Text.Json.Serialization;

namespace Evergrain.Contracts.Ops;

/// <summary>Which entities to list.</summary>
public sealed record EntityFilter
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 10_000;

    /// <summary>Only this kind; null for all.</summary>
    public string? Kind { get; init; }

    /// <summary>Only entities with a stored slice that this version wrote; null for all.</summary>
    public ModuleId? WrittenBy { get; init; }

    /// <summary>Only entities with a stored slice that was written at this epoch or later, by <see cref="WrittenBy"/> where it is given. 0 for all.</summary>
    public long SinceEpoch { get; init; }

    /// <summary>At most so many rows. 1 to <see cref="MaxLimit"/>, default <see cref="DefaultLimit"/>.</summary>
    public int Limit { get; init; } = DefaultLimit;

    /// <summary>Begin after this entity; null: from the beginning.</summary>
    public EntityId? After { get; init; }
}

/// <summary>A page of a listing, by kind and key. A page may hold fewer rows than the limit, even none, and not be the last.</summary>
/// <param name="Entities">The rows.</param>
public sealed record EntityList(IReadOnlyList<EntityRow> Entities)
{
    /// <summary>What to ask the next page after; null when this is the last.</summary>
    public EntityId? Next { get; init; }

    /// <summary>Records that were passed over because their bytes cannot be read.</summary>
    public int Unreadable { get; init; }
}

/// <param name="Silo">Where it is active; null when only its record exists.</param>
/// <param name="Modules">The versions that serve its slices where it is active, else those that wrote them.</param>
public sealed record EntityRow(EntityId Id, string? Silo, long Epoch, IReadOnlyList<string> Modules);

/// <summary>One entity as an operator sees it.</summary>
public sealed record EntityView
{
    public required EntityId Id { get; init; }
    /// <summary>Where it is active; null when only its record exists.</summary>
    public string? Silo { get; init; }
    public required long Epoch { get; init; }
    public long Frame { get; init; }
    public bool FramesRunning { get; init; }
    public long EventSequence { get; init; }
    public required IReadOnlyList<SliceView> Slices { get; init; }
    public required IReadOnlyList<ScheduleView> Schedule { get; init; }
    public required IReadOnlyList<OutboxView> Outbox { get; init; }
    public RunningTurnView? Running { get; init; }
    public required IReadOnlyList<TrackedWorkView> TrackedWork { get; init; }
    public int Waiting { get; init; }
    public CallError? Quarantine { get; init; }
}

public sealed record SliceView(string Module, string Version, int Schema, JsonElement State)
{
    /// <summary>The version that last wrote the stored bytes, and the epoch then.</summary>
    public string? WrittenBy { get; init; }
    public long WrittenEpoch { get; init; }

    /// <summary>Why the state is not shown: nobody can say what of it is secret. Null when it is shown, with its secrets masked.</summary>
    public string? Hidden { get; init; }
}

public sealed record ScheduleView(long Id, long DueFrame, long? EveryFrames, string Operation, int Priority, long? ExpiresFrame, JsonElement Arguments)
{
    /// <summary>Why the serving version cannot run it; it is kept for one that can. Null when it has not tried.</summary>
    public string? Held { get; init; }
}

public sealed record OutboxView(Guid Key, EntityId To, string Operation, int Tries, DateTimeOffset Since, string? LastError);
public sealed record RunningTurnView(string Operation, string Caller, double ForMs, string? WaitsFor);
public sealed record TrackedWorkView(string Name, string Operation, string Module, long AgeFrames);
