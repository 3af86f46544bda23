using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Checks;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>What one run came to.</summary>
/// <param name="Trace">The hash of all that happened.</param>
/// <param name="Hits">Which faults changed something, and in which phase of a rollout; null: none was running.</param>
/// <param name="Crash">What the code of the run threw where nobody caught it, or in what the run was smaller than a run has to be.</param>
/// <param name="IsWhole">It was played to its end: nothing was thrown, though it may have come out too small.</param>
internal sealed record RunResult(int Seed, ulong Trace, IReadOnlyList<Breach> Breaches, bool Converged, long Steps, TimeSpan Simulated, IReadOnlyCollection<Hit> Hits, RunSize Size, string? Crash, bool IsWhole)
{
    /// <summary>What had not settled at the end of a run that did not converge.</summary>
    public string? Unsettled { get; init; }

    public bool Passed => Breaches.Count == 0 && Converged && Crash is null;

    /// <summary>What has no end is no broken promise, though it is said as one, and nothing else that is seen at such an end counts.</summary>
    public Verdict Verdict => Crash is not null ? Verdict.Crashed
        : Breaches.Any(breach => !breach.IsLiveness) ? Verdict.BrokenPromise
        : Converged && Breaches.Count == 0 ? Verdict.Held : Verdict.NoConvergence;
}

/// <summary>A fault changed something in a phase of a rollout.</summary>
internal readonly record struct Hit(RolloutPhase? Phase, FaultKind Kind);

/// <summary>How a run ended; the numbers are the exit codes.</summary>
internal enum Verdict
{
    Held = 0,
    BrokenPromise = 1,
    NoConvergence = 2,
    Crashed = 3,
}
