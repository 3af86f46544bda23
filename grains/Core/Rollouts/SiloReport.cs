using System.Text.Json.Serialization;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>What a silo says of itself: what of the record it has seen, and how far it has come.</summary>
public sealed record SiloReport
{
    public required string Silo { get; init; }
    public required Guid Instance { get; init; }

    /// <summary>Grows with each report of an instance: an older one that comes late is ignored.</summary>
    public required long Sequence { get; init; }

    /// <summary>The epoch that it serves.</summary>
    public required long Epoch { get; init; }

    /// <summary>The rollout that the record named when this was seen, and its phase; null when it named none. What follows was brought
    /// about after the silo had seen exactly this.</summary>
    public string? RolloutId { get; init; }
    public RolloutPhase? Phase { get; init; }

    /// <summary>What it prepares or has prepared for that rollout, or for the release that it has yet to serve.</summary>
    public required IReadOnlyList<PackageReport> Packages { get; init; }
    public required IReadOnlyList<SlotStatus> Slots { get; init; }
}

/// <param name="Tries">How often preparing was begun.</param>
/// <param name="Milliseconds">How long the last try took; 0 while none has ended.</param>
public sealed record PackageReport(PackageRef Package, PrepareState State, int Tries, double Milliseconds, IReadOnlyList<Finding> Findings)
{
    /// <summary>What would have refused it, had the operator not accepted it.</summary>
    public IReadOnlyList<Finding> Accepted { get; init; } = [];

    /// <summary>What came of trying the silo's live state on it, last; null when it was not tried.</summary>
    public RehearsalCount? Rehearsal { get; init; }
}

[JsonConverter(typeof(JsonStringEnumConverter<PrepareState>))]
public enum PrepareState
{
    /// <summary>At work, or about to try again.</summary>
    [JsonStringEnumMemberName("preparing")] Preparing,
    [JsonStringEnumMemberName("prepared")] Prepared,
    /// <summary>No try is left.</summary>
    [JsonStringEnumMemberName("refused")] Refused,
}
