using System.Text.Json;
using System.Text.Json.Serialization;

namespace Evergrain.Contracts.Ops;

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
}

public sealed record ScheduleView(long Id, long DueFrame, long? EveryFrames, string Operation, int Priority, long? ExpiresFrame, JsonElement Arguments)
{
    /// <summary>Why the serving version cannot run it; it is kept for one that can. Null when it has not tried.</summary>
    public string? Held { get; init; }
}

public sealed record OutboxView(Guid Key, EntityId To, string Operation, int Tries, DateTimeOffset Since, string? LastError);
public sealed record RunningTurnView(string Operation, string Caller, double ForMs, string? WaitsFor);
public sealed record TrackedWorkView(string Name, string Operation, string Module, long AgeFrames);
