using System.CommandLine;
using System.Diagnostics;
using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Runs;
using Evergrain.CrashPoints.Victim;

namespace Evergrain.CrashPoints;

/// <summary>What can be asked. Exit codes: 0 all held, 1 a broken promise, 2 something did not come to rest, 3 a host or this program failed, or a kind of call
/// was not hit, 64 asked wrongly.</summary>
internal static class CommandLine
{
    const int WrongUsage = 64; // EX_USAGE of sysexits.h
    const int HitsEachKind = 50; // so many points and more

    // What was begun is played to its end, and stores and servers are taken away.
    static readonly TimeSpan StopsWithin = TimeSpan.FromMinutes(2);


    static readonly Option<int> seed = new("--seed") { Description = "Which points: where processes are killed, and what is played.", DefaultValueFactory = static _ => 1 };
    static readonly Option<int> points = new("--points") { Description = "How many.", DefaultValueFactory = static _ => 50 };
    static readonly Option<int?> point = new("--point") { Description = "Plays this one again, with those before it over the same store. What threads make of it may differ: it is a real process." };
    static readonly Option<int> jobs = new("--jobs") { Description = "How many are played beside each other.", DefaultValueFactory = static _ => Environment.ProcessorCount };
    static readonly Option<string?> report = new("--report") { Description = "Writes what was hit, and what came of it, to this file." };
    static readonly Option<bool> teeth = new("--teeth") { Description = "Plays over stores that lie: every lie must be seen." };
    static readonly Option<bool> sqliteOnly = new("--sqlite-only") { Description = "Plays over SQLite alone, though there is PostgreSQL." };

    public static async Task<int> Run(string[] arguments, TextWriter output, TextWriter error)
    {
        if (arguments is [VictimOrder.Verb, var order]) return await VictimHost.Run(VictimOrder.Parse(order));
        var command = new RootCommand("Kills real hosts at calls of their stores, starts them again, and checks that nothing that was acknowledged is lost.") { seed, points, point, jobs, report, teeth, sqliteOnly };
        command.SetAction((parsed, stop) => parsed.GetValue(teeth) ? Bite(parsed.GetValue(jobs), output) : parsed.GetValue(point) is { } one ? Replay(parsed, one, output) : Searched(parsed, output, error, stop));
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
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopsWithin });
        }
        catch (Exception crash)
        {
            error.WriteLine(crash);
            return (int)Verdict.Crashed;
        }
    }

    static IEnumerable<string> Wrong(ParseResult parsed)
    {
        if (OperatingSystem.IsWindows()) yield return "Processes are killed by SIGKILL, which Windows does not have.";
        if (parsed.GetValue(points) is < 1 or > 100_000) yield return "--points is 1 to 100000.";
        if (parsed.GetValue(point) is < 0) yield return "--point is 0 or more.";
        if (parsed.GetValue(jobs) is < 1 or > 64) yield return "--jobs is 1 to 64.";
        if (parsed.GetValue(report) is { } file && (file.Length == 0 || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))) yield return $"--report: there is no folder for '{file}'.";
    }

    static async Task<int> Searched(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        await using var houses = await StoreHouses.Open(!parsed.GetValue(sqliteOnly));
        if (houses.NoPostgres is { } why) output.WriteLine($"All points are played over SQLite: {why}");
        var watch = Stopwatch.StartNew();
        var plans = Planner.Plan(parsed.GetValue(seed), parsed.GetValue(points)).Select(plan => houses.NoPostgres is null ? plan : plan with { Postgres = false });
        var results = await Search.Play(plans, houses, parsed.GetValue(jobs), result =>
        {
            if (result.Verdict != Verdict.Held) output.WriteLine($"{Report.Say(result)}\n  Replay: dotnet run -c Release --project tests/CrashPoints -- --seed {parsed.GetValue(seed)} --point {result.Plan.Number}");
            else if (!Console.IsErrorRedirected) error.Write($"\r{result.Plan.Number} ");
        }, stop);
        var told = new Report(parsed.GetValue(seed), results, watch.Elapsed);
        if (parsed.GetValue(report) is { } file) told.Write(file);
        var seldom = results.Count >= HitsEachKind ? told.Unhit : [];
        foreach (var call in seldom) output.WriteLine($"No process was killed at {call}.");
        output.WriteLine($"\n{told.Table}");
        output.WriteLine(told.Line);
        return told.Verdict != Verdict.Held ? (int)told.Verdict : seldom.Count > 0 ? (int)Verdict.Crashed : 0;
    }

    static async Task<int> Replay(ParseResult parsed, int number, TextWriter output)
    {
        await using var houses = await StoreHouses.Open(!parsed.GetValue(sqliteOnly));
        var plan = Planner.Plan(parsed.GetValue(seed), number + 1)[^1];
        if (houses.NoPostgres is { } why && plan.Postgres) output.WriteLine($"This chain is played over SQLite: {why}");
        var results = await Search.Play(plan, houses, Tooth.None);
        foreach (var result in results) output.WriteLine(Report.Tell(result));
        return (int)results[^1].Verdict;
    }

    static async Task<int> Bite(int jobs, TextWriter output)
    {
        await using var houses = await StoreHouses.Open(postgres: false);
        var unseen = await Teeth.Bite(houses, jobs, TextWriter.Synchronized(output));
        output.WriteLine($"lies={Enum.GetValues<Tooth>().Length - 1} unseen={unseen}");
        return unseen == 0 ? 0 : (int)Verdict.Crashed;
    }
}
