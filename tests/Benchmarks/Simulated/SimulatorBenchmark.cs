using Evergrain.Benchmarks.Harness;

namespace Evergrain.Benchmarks.Simulated;

/// <summary>How many histories of a cluster can be searched: the default workload of the simulator, on one core.</summary>
internal sealed class SimulatorBenchmark : IBenchmark
{
    public string Name => "simulator";
    public string Summary => "Runs of the simulator on one core: a cluster under faults, its players, rollouts and checkers.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        var rounds = await SimulatorRuns.Start(effort.Runs(5, 3), effort.Runs(1000, 300), effort.Runs(3000, 600));
        foreach (var round in rounds) effort.Say($"{round.RunsPerSecond:0.0} runs/s, {round.SimulatedPerSecond:0} simulated s/s, compiling {round.Compiling:0%}");
        double Of(Func<SimulatorRuns.Round, double> figure) => Statistics.Median(rounds.Select(figure));
        var speed = Of(round => round.RunsPerSecond);
        return
        [
            Figure.AtLeast("runs on one core", speed, "runs/s", 200) with { Runs = [.. rounds.Select(round => round.RunsPerSecond)] },
            new("simulated time on one core", Of(round => round.SimulatedPerSecond), "s/s") { Runs = [.. rounds.Select(round => round.SimulatedPerSecond)] },
            new("steps of a run", Of(round => round.Steps), "steps"),
            new("time of a step", 1e6 / (speed * Of(round => round.Steps)), "µs"),
            new("allocated by a run", Of(round => round.Bytes) / 1e6, "MB"),
            new("share of the garbage collector", Of(round => round.Collecting), ""),
        ];
    }
}
