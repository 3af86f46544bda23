using System.Collections.Frozen;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Plans;

/// <summary>Makes a run's plan from its seed: which faults shall strike in which phases, and rollouts that come to these phases. Pure.</summary>
internal static class Planner
{
    public const int Calls = 205;
    const int LeastFaults = 5;
    const int MostFaults = 8;
    // Milliseconds, about as long as players play.
    const int Play = 2500;

    static readonly FaultKind[] kinds = Enum.GetValues<FaultKind>();
    // Each phase that a rollout can be in; null: none runs.
    static readonly RolloutPhase?[] phases = [null, RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Aborting];
    static readonly int[] steps = [0, 0, 0, 1, 2, 3, 5, 8, 13, 40];

    public static Plan Make(int seed)
    {
        var random = new Random(seed);
        var silos = random.Next(4) == 0 ? 4 : 3;
        var workload = new WorkloadPlanner(random);
        var calls = Enumerable.Range(0, Calls).Select(workload.Call).ToArray();
        var faults = Faults(random);
        var cold = Array.Exists(faults, fault => fault.Kind is FaultKind.MigrationThrows);
        var aborts = Array.Exists(faults, fault => fault.Phase is RolloutPhase.Aborting or RolloutPhase.Aborted);
        return new Plan
        {
            Seed = seed, Silos = silos, Calls = calls, Faults = faults, Lingers = Lingers(faults, random),
            Rollouts = workload.Rollouts(aborts, cold), CallsAfterRestore = Array.Exists(faults, fault => fault.Kind is FaultKind.Restore) ? [.. workload.Afterwards()] : [], ColdWallets = cold, Rehearses = !cold,
            BusyThreads = TimeSpan.FromMilliseconds(random.Next(3) == 0 ? random.Next(20, 400) : 0),
        };
    }

    // No kind twice: the run wants so many different ones.
    static PlannedFault[] Faults(Random random)
    {
        var picked = kinds.ToArray();
        random.Shuffle(picked);
        return [.. picked.Take(random.Next(LeastFaults, MostFaults + 1)).Select((kind, number) => Fault(number, kind, random))];
    }

    static PlannedFault Fault(int number, FaultKind kind, Random random)
    {
        var phase = phases[random.Next(phases.Length)];
        var after = TimeSpan.Zero;
        // No rollout runs at some time or other, or just after one has ended.
        if (phase is null && (kind is FaultKind.MigrationThrows || random.Next(2) == 0)) phase = random.Next(3) == 0 ? RolloutPhase.Aborted : RolloutPhase.Permanent;
        else if (phase is null) after = TimeSpan.FromMilliseconds(random.Next(random.Next(2) == 0 ? WorkloadPlanner.First : Play));
        else if (random.Next(4) == 0) after = TimeSpan.FromMilliseconds(random.Next(100));
        var ends = kind is FaultKind.CrashSilo or FaultKind.CrashVersionGrain or FaultKind.KillSilo or FaultKind.SuspectSilo or FaultKind.Leave;
        // What ends may be back before anyone has noticed.
        var lasts = ends && random.Next(3) == 0 ? random.Next(50) : kind is FaultKind.StoreOut ? random.Next(500, 5000) : random.Next(100, 1500);
        return new PlannedFault(number, kind, random.Next(16), phase, Skip(kind, phase, random), after, steps[random.Next(steps.Length)],
            TimeSpan.FromMilliseconds(lasts), kind is FaultKind.MigrationThrows or FaultKind.StoreOut ? 1 : random.Next(3) switch { 0 => 0.15, 1 => 0.5, _ => 1 }, TimeSpan.FromMilliseconds(random.Next(20, 800)),
            AtWrite: (ends || kind is FaultKind.PauseSilo) && random.Next(3) == 0);
    }

    // What needs entities of an older schema waits for a rollout after the one that migrates.
    static int Skip(FaultKind kind, RolloutPhase? phase, Random random) => phase switch
    {
        RolloutPhase.Requested or RolloutPhase.Preparing or RolloutPhase.Prepared => kind is FaultKind.MigrationThrows ? 1 : random.Next(2),
        RolloutPhase.Draining or RolloutPhase.Permanent => random.Next(2),
        _ => 0,
    };

    static FrozenDictionary<RolloutPhase, TimeSpan> Lingers(PlannedFault[] faults, Random random)
    {
        var lingers = new Dictionary<RolloutPhase, TimeSpan>();
        foreach (var fault in faults)
            if (fault.Phase is { } phase and not (RolloutPhase.Permanent or RolloutPhase.Aborted) && random.Next(6) > 0) lingers[phase] = TimeSpan.FromMilliseconds(random.Next(60, 400));
        return lingers.ToFrozenDictionary();
    }
}
