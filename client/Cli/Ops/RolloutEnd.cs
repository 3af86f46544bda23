using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Ops;

/// <summary>When a rollout is over, and whether it came to what was asked.</summary>
internal static class RolloutEnd
{
    public static bool HasEnded(this RolloutStatus status) => status.Phase is RolloutPhase.Permanent or RolloutPhase.Aborted;

    /// <summary>A dry run commits nothing: it always ends by being taken back, and what it found says how it went.</summary>
    public static bool HasSucceeded(this RolloutStatus status) =>
        status.Phase == RolloutPhase.Permanent
        || status is { DryRun: true, Phase: RolloutPhase.Aborted, Findings.Count: 0 };

    /// <summary>The phase as the ops door writes it.</summary>
    public static string Word(this RolloutPhase phase) => phase.ToString().ToLowerInvariant();
}
