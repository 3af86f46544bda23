using System.Collections.Concurrent;

namespace Evergrain.Simulator.Planted;

/// <summary>What can be asked of the catalogue. Each answers 0 when all is as it should be, and 1 when it is not.</summary>
internal static class Commands
{
    const int WrongUsage = 64; // as the simulator's own
    public static int List(TextWriter output)
    {
        foreach (var bug in Bug.All) output.WriteLine($"{bug.Name,-34} {string.Join(", ", bug.Promises),-9} {bug.Why}");
        output.WriteLine($"{Bug.All.Count} bugs");
        return 0;
    }

    /// <summary>The simulator itself, with a bug in all that it plays: it answers with its own exit code.</summary>
    public static int Simulate(string name, IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        if (Bug.Find(name) is not { } bug)
        {
            error.WriteLine($"There is no bug {name}: see --list.");
            return WrongUsage;
        }
        Bug.SwitchEverywhere(bug);
        return CommandLine.Run([.. arguments], output, error);
    }

    /// <summary>Searches these bugs, or all; what catches a bug is stored if asked for.</summary>
    public static int Search(IReadOnlyList<string> names, int seed, int runs, int jobs, bool store, TextWriter output)
    {
        if (names.FirstOrDefault(name => Bug.All.All(bug => bug.Name != name)) is { } unknown)
        {
            output.WriteLine($"There is no bug {unknown}: see --list.");
            return 1;
        }
        IReadOnlyList<Bug> bugs = names.Count == 0 ? Bug.All : [.. Bug.All.Where(bug => names.Contains(bug.Name))];
        var stored = CaughtFile.Read();
        foreach (var gone in stored.Keys.Except(Bug.All.Select(bug => bug.Name)).ToList()) stored.Remove(gone);
        var (missed, guard) = (0, new Lock());
        // A bug that nothing catches takes all the runs: it keeps one job, and the others go on.
        Parallel.ForEach(Partitioner.Create(bugs, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = jobs }, bug =>
        {
            var caught = Hunt.Find(bug, seed, runs);
            lock (guard)
            {
                if (caught is null) missed++;
                if (caught is not null) stored[bug.Name] = caught;
                else stored.Remove(bug.Name);
                // After each, so that what was found stays when the search is ended early.
                if (store) CaughtFile.Write(stored);
                output.WriteLine($"{bug.Name}: {(caught is null ? $"NOT caught in {runs} runs" : $"caught at run {caught.Run} by {caught.Promise}: {caught.What}")}");
            }
        });
        output.WriteLine($"seed={seed} runs={runs} bugs={bugs.Count} missed={missed}");
        return missed == 0 ? 0 : 1;
    }

    /// <summary>Plays every stored run: with its bug it is caught, without it everything holds. Bugs that no run is stored for are named; that there are
    /// none is for the tests of the catalogue to say.</summary>
    public static int Check(int jobs, TextWriter output)
    {
        var stored = CaughtFile.Read();
        List<Bug> caught = [.. Bug.All.Where(bug => stored.ContainsKey(bug.Name))];
        foreach (var bug in Bug.All.Except(caught)) output.WriteLine($"{bug.Name}: no run is stored that catches it.");
        var wrong = new string?[caught.Count];
        Parallel.For(0, wrong.Length, new ParallelOptions { MaxDegreeOfParallelism = jobs }, index => wrong[index] = Check(caught[index], stored[caught[index].Name]));
        foreach (var one in wrong.OfType<string>()) output.WriteLine(one);
        var bad = wrong.OfType<string>().Count();
        output.WriteLine($"bugs={Bug.All.Count} caught={wrong.Length - bad}");
        return bad == 0 ? 0 : 1;
    }

    static string? Check(Bug bug, Catch stored)
    {
        var with = Hunt.Play(bug, stored.Seed, stored.Run);
        if (Hunt.CaughtBy(bug, with) is null) return $"{bug.Name}: not caught any more at seed {stored.Seed} run {stored.Run}{(with.Crash is { } crash ? $", where it crashes: {crash}" : "")}.";
        var without = Hunt.Play(null, stored.Seed, stored.Run);
        return without.Passed ? null : $"{bug.Name}: seed {stored.Seed} run {stored.Run} fails without it: {without.Crash ?? without.Breaches.FirstOrDefault()?.What ?? "no convergence"}";
    }
}
