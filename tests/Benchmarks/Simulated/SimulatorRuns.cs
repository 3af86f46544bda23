using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Evergrain.Simulator.Runs;

namespace Evergrain.Benchmarks.Simulated;

/// <summary>A process of its own that plays runs of the simulator on one core, as its command line has them: with room for garbage.</summary>
internal static class SimulatorRuns
{
    public const string Command = "simulator-runs";

    /// <summary>In the second process: plays so many rounds of so many runs after others that warm it up, and writes what each came to in one line.</summary>
    public static int Play(string rounds, string runs, string warmUp)
    {
        var played = new List<Round>();
        Play(seed: 1, Number(warmUp));
        for (var round = 0; round < Number(rounds); round++) played.Add(Play(seed: 2 + round, Number(runs)));
        Console.WriteLine(JsonSerializer.Serialize(played));
        return 0;
    }

    /// <exception cref="InvalidOperationException">It said nothing, for it met an error.</exception>
    public static async Task<IReadOnlyList<Round>> Start(int rounds, int runs, int warmUp)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Evergrain.Benchmarks" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, [Command, Text(rounds), Text(runs), Text(warmUp)]) { RedirectStandardOutput = true };
        // As in the simulator's launch settings.
        start.Environment["DOTNET_GCgen0size"] = "4000000";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        using var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return line is null ? throw new InvalidOperationException("The process that plays the runs ended without a word.") : JsonSerializer.Deserialize<List<Round>>(line)!;
    }

    static Round Play(int seed, int runs)
    {
        var search = new Search(jobs: 1, CancellationToken.None);
        var (allocated, pause, jit) = (GC.GetTotalAllocatedBytes(precise: true), GC.GetTotalPauseDuration(), System.Runtime.JitInfo.GetCompilationTime());
        var started = Stopwatch.GetTimestamp();
        search.Play(seed, runs);
        var took = Stopwatch.GetElapsedTime(started);
        if (search.Violations > 0) throw new InvalidOperationException($"{search.Violations} of {runs} runs of seed {seed} did not hold: what is broken is not measured.");
        return new Round(runs / took.TotalSeconds, search.SimulatedSeconds / took.TotalSeconds, (double)search.Steps / runs,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / runs, (GC.GetTotalPauseDuration() - pause) / took, (System.Runtime.JitInfo.GetCompilationTime() - jit) / took);
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <param name="Collecting">The share of the time that the garbage collector took.</param>
    /// <param name="Compiling">The share of the time that the compiler took, beside the runs on a thread of its own.</param>
    internal sealed record Round(double RunsPerSecond, double SimulatedPerSecond, double Steps, double Bytes, double Collecting, double Compiling);
}
