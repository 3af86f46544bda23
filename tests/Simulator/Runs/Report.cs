using Evergrain.Simulator.Plans;

namespace Evergrain.Simulator.Runs;

/// <summary>Tells of runs that failed.</summary>
internal sealed class Report(TextWriter output)
{
    const int MostRunsToShrink = 150;
    const int MostBreaches = 5;

    /// <summary>Shows failures, one of each kind first; so many of them shrunk, the others by name.</summary>
    public void Failures(IReadOnlyList<Failure> failures, int mostShrunk)
    {
        var firsts = failures.DistinctBy(failure => (failure.Result.Verdict, failure.Result.Breaches.FirstOrDefault()?.Promise)).ToList();
        List<Failure> sorted = [.. firsts, .. failures.Except(firsts)];
        foreach (var failure in sorted.Take(mostShrunk)) Shrunk(failure);
        foreach (var (seed, run, result) in sorted.Skip(mostShrunk)) output.WriteLine($"run {run} of seed {seed}: {Say(result)}");
    }

    // What is left of it when all is left out that it fails without, and how to see it again.
    void Shrunk(Failure failure)
    {
        var (seed, run, failed) = failure;
        var shrinker = new Shrinker(plan => IsSame(Run.Play(plan), failed), MostRunsToShrink);
        var plan = shrinker.Shrink(Search.PlanOf(seed, run));
        var timeline = new Timeline();
        var result = Run.Play(plan, timeline);
        output.WriteLine();
        output.WriteLine($"run {run} of seed {seed}: {Say(failed)}");
        output.WriteLine(plan.IsWhole ? "It fails only as a whole." : $"Shrunk by {shrinker.Runs} runs to {plan.Faults.Count} faults, {plan.Rollouts.Count} rollouts and {plan.Calls.Count} calls, with the same end: {Say(result)}");
        timeline.Write(result, output);
        output.WriteLine($"Replay: dotnet run -c Release --project tests/Simulator -- --seed {seed} --run {run}{PlanCut.Options(plan)}");
    }

    /// <summary>Plays one run again and shows all of it, or only what matters.</summary>
    public Verdict Replay(int seed, int run, PlanCut cut, bool all)
    {
        var timeline = new Timeline();
        var result = Run.Play(cut.Of(Search.PlanOf(seed, run)), timeline);
        if (all) timeline.WriteAll(output);
        else timeline.Write(result, output);
        output.WriteLine($"{Say(result)}; {result.Steps} steps, {result.Simulated.TotalSeconds:0.0} s simulated, {result.Size.Faults} faults took effect, trace={result.Trace:x16}");
        return result.Verdict;
    }

    public static string Say(RunResult result) => result.Crash is { } crash ? $"crashed: {crash}"
        : result.Breaches.Count > 0 ? string.Join("\n  ", result.Breaches.Take(MostBreaches).Select(breach => $"{breach.Promise} at {breach.At.TotalSeconds:0.000}: {breach.What}"))
        : result.Converged ? "all promises held" : $"did not converge: {result.Unsettled}";

    static bool IsSame(RunResult one, RunResult other) => one.Verdict == other.Verdict && other.Verdict switch
    {
        Verdict.Crashed => FirstLine(one.Crash!) == FirstLine(other.Crash!),
        _ when other.Breaches.Count > 0 => one.Breaches.Count > 0 && one.Breaches[0].Promise == other.Breaches[0].Promise,
        _ => true,
    };

    static string FirstLine(string text) => text.Split('\n')[0];
}
