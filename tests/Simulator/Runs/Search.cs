using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>Plays many runs, and says what came of them in one line.</summary>
internal static class Search
{
    const int BrokenPromise = 1;
    const int NoConvergence = 2;
    const int Crash = 3;

    public static int Run(int seed, int runs, int? only, int jobs, TextWriter output)
    {
        if (only is { } one) return Replay(seed, one, output);
        var results = new RunResult[runs];
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = jobs }, index => results[index] = Play(seed, index));
        var hash = results.Aggregate(StableHash.Seed, (all, result) => StableHash.Add(all, result.Trace));
        foreach (var (result, index) in results.Select((result, index) => (result, index)).Where(result => !result.result.Passed).Take(10))
            output.WriteLine($"run {index}: {Say(result)}");
        output.WriteLine($"seed={seed} runs={runs} violations={results.Count(result => !result.Passed)} hash={hash:x16}");
        return results.Select(ExitCode).Where(code => code > 0).DefaultIfEmpty(0).Min();
    }

    static RunResult Play(int seed, int index) => Runs.Run.Play(Planner.Make(StableHash.Derive(seed, index)));

    static int Replay(int seed, int index, TextWriter output)
    {
        var result = Runs.Run.Play(Planner.Make(StableHash.Derive(seed, index)),
            observation => output.WriteLine($"{observation.At.TotalSeconds,9:0.000}  {observation.Text}"),
            (from, to, what, fate) => output.WriteLine($"           {from} → {to}: {what} ({fate})"));
        output.WriteLine($"{Say(result)}; {result.Steps} steps, {result.Simulated.TotalSeconds:0.0} s simulated, {result.Took.Count} faults took effect");
        return ExitCode(result);
    }

    static string Say(RunResult result) => result.Crash is { } crash ? $"crashed: {crash}"
        : result.Breaches.Count > 0 ? string.Join('\n', result.Breaches.Take(5).Select(breach => $"{breach.Promise} at {breach.At.TotalSeconds:0.000}: {breach.What}"))
        : result.Converged ? "held" : "did not converge";

    static int ExitCode(RunResult result) => result.Crash is not null ? Crash : result.Breaches.Count > 0 ? BrokenPromise : result.Converged ? 0 : NoConvergence;
}
