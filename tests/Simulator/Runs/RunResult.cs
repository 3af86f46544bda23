using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Checks;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>What one run came to.</summary>
/// <param name="Trace">The hash of all that happened.</param>
/// <param name="Took">The faults that changed something, each with the phase of the rollout at that moment; null: none was running.</param>
/// <param name="Crash">What the code of the run threw where nobody caught it.</param>
internal sealed record RunResult(int Seed, ulong Trace, IReadOnlyList<Breach> Breaches, bool Converged, long Steps, TimeSpan Simulated, IReadOnlyList<(RolloutPhase? Phase, FaultKind Kind)> Took, string? Crash)
{
    public bool Passed => Breaches.Count == 0 && Converged && Crash is null;
}
