namespace Evergrain.Core.Rollouts;

/// <summary>What a <see cref="RolloutMachine"/> can be told.</summary>
public abstract record RolloutEvent
{
    /// <summary>The record as it is in the store: read, just written, or the one that stood in the way of a write.</summary>
    public sealed record RecordRead(ClusterRecord Record) : RolloutEvent;

    public sealed record Reported(SiloReport Report) : RolloutEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Ticked(IReadOnlyCollection<string> LiveSilos) : RolloutEvent;

    /// <summary>Planned against the record that the machine knows; ignored while another rollout runs or when another release serves by now.</summary>
    public sealed record Requested(Rollout Rollout) : RolloutEvent;

    public sealed record AbortAsked(string RolloutId, string Actor, string? Reason) : RolloutEvent;

    /// <summary>What is committed shall be undone although its old versions have not drained.</summary>
    public sealed record UndoAsked(string RolloutId) : RolloutEvent;
}

/// <summary>What a <see cref="RolloutMachine"/> wants done.</summary>
public abstract record RolloutEffect
{
    /// <summary>Write over the record that the machine knows. Only if this very write succeeds, the rest follows.</summary>
    public sealed record WriteRecord(ClusterRecord Next, IReadOnlyList<RolloutEffect> Then) : RolloutEffect;

    public sealed record HintSilos(IReadOnlyList<string> Silos) : RolloutEffect;

    /// <param name="Before">Null when the rollout has just begun.</param>
    public sealed record PhaseEntered(Rollout? Before, Rollout Rollout) : RolloutEffect;

    public sealed record SiloLeft(string Silo) : RolloutEffect;
}
