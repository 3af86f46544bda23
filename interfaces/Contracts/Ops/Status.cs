using System.Text.Json.Serialization;

namespace Evergrain.Contracts.Ops;

/// <summary>The cluster at a glance.</summary>
public sealed record ClusterStatus(long Epoch, IReadOnlyList<SiloStatus> Silos, RolloutStatus? Rollout);

public sealed record SiloStatus(string Id, long Epoch, int Activations, IReadOnlyList<SlotStatus> Modules);

/// <summary>One loaded version of a module on one silo.</summary>
/// <param name="Holders">Who keeps a draining or stuck slot from going: entities, tracked work, or the static field that was found.</param>
public sealed record SlotStatus(string Name, string Version, SlotState State, long Leases)
{
    public string Digest { get; init; } = "";
    public IReadOnlyList<string> Holders { get; init; } = [];
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>The life of a slot. <see cref="Refused"/> and <see cref="Stuck"/> are the ends that need a person.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlotState>))]
public enum SlotState
{
    [JsonStringEnumMemberName("preparing")] Preparing,
    [JsonStringEnumMemberName("ready")] Ready,
    [JsonStringEnumMemberName("serving")] Serving,
    [JsonStringEnumMemberName("draining")] Draining,
    /// <summary>Unloaded, and its death was proved.</summary>
    [JsonStringEnumMemberName("gone")] Gone,
    [JsonStringEnumMemberName("refused")] Refused,
    /// <summary>Unloaded, yet something still holds its code: see the holders.</summary>
    [JsonStringEnumMemberName("stuck")] Stuck,
}

/// <summary>One release of the bounded history, newest first when listed.</summary>
public sealed record ReleaseStatus
{
    public required long Epoch { get; init; }
    public required IReadOnlyList<ModuleId> Modules { get; init; }
    public required IReadOnlyList<ModuleChange> Changes { get; init; }
    public required string Actor { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset At { get; init; }
    public string? RolloutId { get; init; }
    /// <summary>The epoch of the release that this one undoes; null when it is no undo.</summary>
    public long? Undoes { get; init; }
}
