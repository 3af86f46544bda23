using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Evergrain.Benchmarks.Harness;

/// <summary>The committed results, <c>tests/Benchmarks/results</c>, and the table that is generated from them.</summary>
internal static class ResultFolder
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(BenchmarkResult result)
    {
        Directory.CreateDirectory(Folder());
        File.WriteAllText(Path.Combine(Folder(), $"{result.Name}.json"), JsonSerializer.Serialize(result, Json) + "\n");
    }

    /// <summary>README.md beside the folder.</summary>
    public static void WriteTable(IEnumerable<IBenchmark> order)
    {
        var text = new StringBuilder("""
            # Benchmarks

            `dotnet run -c Release --project tests/Benchmarks -- list | all | <name> [--quick]`. They measure the whole system in one process (the sockets in two)
            and assert nothing: each prints the figure, the goal, and whether it is met. `all` takes about 25 minutes on two cores and writes
            `results/*.json`; `--quick` writes nothing. This page is generated from those files (`-- table`).


            """);
        foreach (var benchmark in order)
            if (Read(benchmark.Name) is { } result) Append(text, result);
        File.WriteAllText(Path.Combine(Folder(), "..", "README.md"), text.ToString());
    }

    static void Append(StringBuilder text, BenchmarkResult result)
    {
        var machine = result.Machine;
        text.Append($"## {result.Name}\n\n{result.Summary} {result.At:yyyy-MM-dd}, {machine.Cores} cores {machine.Architecture}, {machine.System}, {machine.Runtime}.\n\n");
        text.Append("| figure | value | goal | |\n|---|--:|---|---|\n");
        foreach (var figure in result.Figures)
            text.Append($"| {figure.Name} | {figure.Text} | {figure.Goal} | {(figure.Met is { } met ? met ? "met" : "missed" : "")} |\n");
        text.Append('\n');
    }

    static BenchmarkResult? Read(string name)
    {
        var path = Path.Combine(Folder(), $"{name}.json");
        return File.Exists(path) ? JsonSerializer.Deserialize<BenchmarkResult>(File.ReadAllText(path), Json) : null;
    }

    // The sources are there wherever the benchmarks were built.
    static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "..", "results");
}
