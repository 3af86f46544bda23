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
    const string Unit = "bytes/rollout";

    public string Name => "rollouts";
    public string Summary => $"Rollouts in a row on three silos, back and forth between two schemas, under {CallsPerSecond:#,0} calls/s; memory after compacting collections.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var cluster = await BenchCluster.Start(silos: 3);
        var ids = Enumerable.Range(0, Entities).Select(i => new EntityId("live", $"live-{i}")).ToArray();
        using var load = new OpenLoop(cluster, ids, "bench.touch", """{"amount":1}"""u8.ToArray(), CallsPerSecond, remembers: false);
        using var loaderHeaps = new LoaderHeapReader();
        // The history keeps 100 releases; until it is full, memory must grow. So it must until the compiler has done with the host's methods, each of
        // which it makes anew once it ran 30 times and again after 30 more: what measures is run in the warm-up as well, or it would measure itself.
        var (warmUp, measured) = (effort.Runs(120, 20), effort.Runs(200, 40));
        var samples = new List<MemorySample>(measured / Every);
        var took = new List<double>(warmUp + measured);
        for (var rollout = 1; rollout <= warmUp + measured; rollout++)
        {
            var started = Stopwatch.GetTimestamp();
            await BenchCluster.RollOut(cluster, rollout % 2 == 1 ? "2.0.0" : "1.0.0");
            took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (rollout > warmUp && rollout % Every != 0) continue;
            var sample = MemorySample.Take();
            loaderHeaps.Take();
            if (rollout > warmUp) samples.Add(sample);
        }
        await load.Stop();
        return Figures(samples, loaderHeaps.Last(samples.Count), took, warmUp + measured);
    }

    static IReadOnlyList<Figure> Figures(List<MemorySample> samples, IReadOnlyDictionary<string, double[]> heaps, List<double> took, int rollouts)
    {
        var managed = samples.Select(sample => (double)sample.Managed).ToArray();
        var resident = samples.Select(sample => (double)sample.Resident).ToArray();
        var loader = samples.Select((_, i) => heaps.Values.Sum(kind => kind[i])).ToArray();
        var quarter = resident.Length / 4;
        return
        [
            // Every rollout that ended as permanent and without a finding has proved its old version gone on all silos; others stop the benchmark.
            new("rollouts whose old version was proved gone", took.Count, "rollouts", $"{rollouts}", took.Count == rollouts),
            Figure.AtMost("slope of the managed heap", Slope(managed), Unit, GoalBytes) with { Runs = managed },
            .. heaps.Count == 0 ? (Figure[])[] : [Figure.AtMost("slope of the loader heaps", Slope(loader), Unit, GoalBytes) with { Runs = loader }],
            .. heaps.Select(kind => new Figure($"of that, {kind.Key}", Slope(kind.Value), Unit) { Runs = kind.Value }),
            new("resident memory, last quarter of second", resident.TakeLast(quarter).Average() / resident.Skip(quarter).Take(quarter).Average(), "×"),
            new("resident memory, last quarter", resident.TakeLast(quarter).Average() / (1 << 20), "MiB"),
            new("one rollout, from request to proved gone, median", Statistics.Median(took), "ms"),
        ];
    }

    static double Slope(double[] samples) => Statistics.Slope(samples) / Every;
}
