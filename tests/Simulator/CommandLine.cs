using System.CommandLine;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Runs;

namespace Evergrain.Simulator;

/// <summary>What can be asked of the simulator. Exit codes: 0 all held, 1 a broken promise, 2 no convergence, 3 a crash, 64 asked wrongly.</summary>
internal static class CommandLine
{
    const int WrongUsage = 64; // EX_USAGE of sysexits.h
    const int MostShrunk = 3;

    static readonly Option<int> seed = new("--seed") { Description = "Which histories are searched. The same seed is the same histories, on every machine.", DefaultValueFactory = static _ => 1 };
    static readonly Option<int> runs = new("--runs") { Description = "How many.", DefaultValueFactory = static _ => 100 };
    static readonly Option<int> jobs = new("--jobs") { Description = "How many run beside each other. It changes nothing but the time.", DefaultValueFactory = static _ => Environment.ProcessorCount };
    static readonly Option<int?> run = new("--run") { Description = "Replays this one, and shows it." };
    static readonly Option<string?> faults = new("--faults") { Description = "With --run: only these faults of its plan, such as 0,3 or none." };
    static readonly Option<string?> rollouts = new("--rollouts") { Description = "With --run: only these rollouts." };
    static readonly Option<string?> calls = new("--calls") { Description = "With --run: only these calls, such as 12,40-52." };
    static readonly Option<bool> all = new("--all") { Description = "With --run: shows every step, not only what matters." };
    static readonly Option<bool> nightly = new("--nightly") { Description = "Searches seed after seed, from --seed on or from one of the clock's, until it is told to stop." };
    static readonly Option<string?> coverage = new("--coverage") { Description = "Writes how often each fault changed something in each phase: JSON to a file named so, else a table." };

    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        var command = new RootCommand("Runs the whole cluster on simulated time under every fault, and checks what Evergrain promises.") { seed, runs, run, faults, rollouts, calls, all, jobs, nightly, coverage };
        command.SetAction(parsed => parsed.GetValue(run) is { } one
            ? (int)new Report(output).Replay(parsed.GetValue(seed), one, new PlanCut(parsed.GetValue(faults), parsed.GetValue(rollouts), parsed.GetValue(calls)), parsed.GetValue(all))
            : Searched(parsed, output, error));
        var parsed = command.Parse(arguments);
        var wrong = parsed.Errors.Select(one => one.Message).Concat(parsed.Errors.Count == 0 ? Wrong(parsed) : []).ToList();
        foreach (var message in wrong) error.WriteLine(message);
        if (wrong.Count > 0)
        {
            error.WriteLine("--help says what can be asked.");
            return WrongUsage;
        }
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Exception crash)
        {
            error.WriteLine(crash);
            return (int)Verdict.Crashed;
        }
    }

    static void Cover(Coverage coverage, string file, TextWriter output)
    {
        coverage.Write(file);
        foreach (var (pair, hits) in coverage.Seldom) output.WriteLine($"seldom: {pair.Kind} while {pair.Phase?.ToString().ToLowerInvariant() ?? "none"}, in {hits} runs");
    }

    static IEnumerable<string> Wrong(ParseResult parsed)
    {
        if (parsed.GetValue(runs) < 1) yield return "--runs is at least 1.";
        if (parsed.GetValue(jobs) is < 1 or > 1024) yield return "--jobs is 1 to 1024.";
        if (parsed.GetValue(run) is < 0) yield return "--run is 0 or more.";
        if (parsed.GetValue(nightly) && (parsed.GetValue(run) is not null || parsed.GetResult(runs) is { Implicit: false })) yield return "--nightly goes on until it is told to stop: it takes neither --run nor --runs.";
        foreach (var list in new[] { faults, rollouts, calls })
        {
            if (parsed.GetValue(list) is not { } given) continue;
            if (parsed.GetValue(run) is null) yield return $"{list.Name} goes with --run.";
            if (Unreadable(given) is { } why) yield return $"{list.Name}: {why}";
        }
        if (parsed.GetValue(all) && parsed.GetValue(run) is null) yield return "--all goes with --run.";
        if (parsed.GetValue(coverage) is not { } file) yield break;
        if (parsed.GetValue(run) is not null) yield return "--coverage goes with a search, not with --run.";
        if (file.Length == 0 || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file)))) yield return $"--coverage: there is no folder for '{file}'.";
    }

    static string? Unreadable(string list)
    {
        try
        {
            PlanCut.Parse(list);
            return null;
        }
        catch (FormatException unreadable)
        {
            return unreadable.Message;
        }
    }

    static int Searched(ParseResult parsed, TextWriter output, TextWriter error)
    {
        using var stop = new Interrupt();
        var search = new Search(parsed.GetValue(jobs), stop.Token);
        var progress = new Progress(search, error);
        var first = parsed.GetValue(nightly) && parsed.GetResult(seed) is not { Implicit: false } ? (int)(DateTime.UtcNow.Ticks / TimeSpan.TicksPerSecond & int.MaxValue) : parsed.GetValue(seed);
        if (parsed.GetValue(nightly)) error.WriteLine($"Searching seed after seed, from {first} on, until Ctrl-C.");
        if (parsed.GetValue(nightly)) Nightly.Play(search, progress, first, output, stop.Token);
        else
        {
            using (progress.OnTerminal()) search.Play(first, parsed.GetValue(runs));
            new Report(output).Failures(search.TakeFailures(), MostShrunk);
        }
        if (parsed.GetValue(coverage) is { } file) Cover(search.Coverage, file, output);
        output.WriteLine($"seed={first} runs={search.Count} violations={search.Violations} hash={search.Hash:x16}");
        return (int)search.Verdict;
    }
}
