using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;

namespace Evergrain.Benchmarks.Swap;

/// <summary>One silo goes from one release to the next: the table is built and swapped.</summary>
internal sealed class SwapBenchmark : IBenchmark
{
    public string Name => "swap";
    public string Summary => "ModuleRuntime.Activate on one silo with 100 kinds and 1,000 operations, the table included.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var silo = await OneSilo.Prepare("wide");
        var swaps = effort.Runs(2000, 500);
        var took = new List<double>(swaps);
        for (var epoch = 1; epoch <= swaps + 100; epoch++)
        {
            var version = silo.Versions[epoch % 2];
            var started = Stopwatch.GetTimestamp();
            silo.Runtime.Activate(epoch, [version]);
            if (epoch > 100) took.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            if (silo.Runtime.Table.Slots[0].Package != version) throw new InvalidOperationException("The swap did not happen.");
        }
        var sorted = took.Order().ToArray();
        return
        [
            Figure.AtMost("swap, median", Statistics.Median(took), "µs", 100),
            new("swap, p99", Statistics.Percentile(sorted, 0.99), "µs"),
            new("operations in the table", silo.Runtime.Table.Kinds.Sum(kind => silo.Runtime.Table.Kind(kind)!.Slices[0].Definition.Operations.Count), "operations"),
        ];
    }
}
