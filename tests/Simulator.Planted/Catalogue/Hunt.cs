using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Runs;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Planted;

/// <summary>Plays runs with a bug switched on, and says which checker saw it.</summary>
internal static class Hunt
{
    /// <summary>What the checkers say of one run with the bug, or, for null, without any.</summary>
    public static RunResult Play(Bug? bug, int seed, int run)
    {
        Bug.Switch(bug);
        try
        {
            return Run.Play(Planner.Make(StableHash.Derive(seed, run)));
        }
        finally
        {
            Bug.Switch(null);
        }
    }

    /// <summary>The first run that catches the bug, and in which everything holds without it; null when none does.</summary>
    public static Catch? Find(Bug bug, int seed, int runs)
    {
        for (var run = 0; run < runs; run++)
            if (CaughtBy(bug, Play(bug, seed, run)) is { } breach && Play(null, seed, run).Passed) return new Catch(breach.Promise, seed, run, breach.What);
        return null;
    }

    /// <summary>The breach that counts: of a promise that the bug is there to break, in a run that went to its end. What the code itself found to be
    /// a mistake does not count, and neither does a crash.</summary>
    public static (string Promise, string What)? CaughtBy(Bug bug, RunResult result)
    {
        if (!result.IsWhole) return null;
        foreach (var breach in result.Breaches)
            if (bug.Promises.Contains(breach.Promise) && !breach.What.Contains("mistake of ours", StringComparison.Ordinal)) return (breach.Promise, breach.What);
        return !result.Converged && bug.Promises.FirstOrDefault(promise => promise is "P7" or "P8") is { } promise ? (promise, "The cluster did not converge.") : null;
    }
}

/// <summary>Where a bug is caught.</summary>
/// <param name="Run">From 0; so many runs of this seed were searched before it.</param>
internal sealed record Catch(string Promise, int Seed, int Run, string What);
