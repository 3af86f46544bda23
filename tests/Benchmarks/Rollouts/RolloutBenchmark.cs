using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Embedded;

namespace Evergrain.Benchmarks.Rollouts;

/// <summary>Rollouts in a row under load: whether anything stays behind.</summary>
internal sealed class RolloutBenchmark : IBenchmark
{
    const int Entities = 1000, CallsPerSecond = 2000, Every = 4;
    const double GoalBytes = 1024;

    public string Name => "rollouts";
    public string Summary => $"Rollouts in a row on three silos, back and forth between two schemas, under {CallsPerSecond:#,0} calls/s; memory after compacting collections.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var cluster = await BenchCluster.Start(silos: 3);
        var ids = Enumerable.Range(0, Entities).Select(i => new EntityId("live", $"live-{i}")).ToArray();
        using var load = new OpenLoop(cluster, ids, "bench.touch", """{"amount":1}"""u8.ToArray(), CallsPerSecond, remembers: false);
        // The history keeps 100 releases; until it is full, memory must grow.
        var (warmUp, measured) = (effort.Runs(120, 20), effort.Runs(200, 40));
        var (managed, loader, resident, took) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var rollout = 1; rollout <= warmUp + measured; rollout++)
        {
            var started = Stopwatch.GetTimestamp();
            await BenchCluster.RollOut(cluster, rollout % 2 == 1 ? "2.0.0" : "1.0.0");
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (rollout <= warmUp || rollout % Every != 0) continue;
            var sample = MemorySample.Take();
            managed.Add(sample.Managed);
            if (sample.Loader is { } bytes) loader.Add(bytes);
            resident.Add(sample.Resident);
        }
        await load.Stop();
        return Figures(managed, loader, resident, took, warmUp, measured);
    }

    static IReadOnlyList<Figure> Figures(List<double> managed, List<double> loader, List<double> resident, List<double> took, int warmUp, int measured)
    {
        var quarter = resident.Count / 4;
        return
        [
            // Every rollout that ended as permanent and without a finding has proved its old version gone on all silos; others stop the benchmark.
            new("rollouts whose old version was proved gone", took.Count, "rollouts", $"{warmUp + measured}", took.Count == warmUp + measured),
            Figure.AtMost("slope of the managed heap", Statistics.Slope(managed) / Every, "bytes/rollout", GoalBytes) with { Runs = managed },
            .. loader.Count < managed.Count ? (Figure[])[] : [Figure.AtMost("slope of the loader heaps", Statistics.Slope(loader) / Every, "bytes/rollout", GoalBytes) with { Runs = loader }],
            new("resident memory, last quarter of second", resident.TakeLast(quarter).Average() / resident.Skip(quarter).Take(quarter).Average(), "×"),
            new("resident memory, last quarter", resident.TakeLast(quarter).Average() / (1 << 20), "MiB"),
            new("one rollout, from request to proved gone, median", Statistics.Median(took), "ms"),
        ];
    }
}
