using System.Diagnostics;
using System.Text.Json;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Embedded;

namespace Evergrain.Benchmarks.Frames;

/// <summary>Many entities whose clock runs, and nothing else: how often, and at what cost of the whole process.</summary>
internal sealed class FrameBenchmark : IBenchmark
{
    const int Entities = 10_000, Rate = 20;
    const double GoalCores = 0.15;

    public string Name => "frames";
    public string Summary => $"{Entities:#,0} entities at {Rate} Hz on one silo, each frame a new state; CPU time of the whole process.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var cluster = await BenchCluster.Start(silos: 1);
        var ids = Enumerable.Range(0, Entities).Select(i => new EntityId("ticker", $"ticker-{i}")).ToArray();
        // Started over one period, as players come: not all in one frame.
        for (var i = 0; i < ids.Length; i++)
        {
            await Ask(cluster, ids[i], "bench.start");
            if (i % 200 == 199) await Task.Delay(1);
        }
        await Task.Delay(effort.Seconds(5, 3));
        var (rates, cores) = (new List<double>(), new List<double>());
        for (var run = 0; run < effort.Runs(7, 3); run++)
        {
            var before = await Ticks(cluster, ids);
            var (started, used) = (Stopwatch.GetTimestamp(), Process.GetCurrentProcess().TotalProcessorTime);
            await Task.Delay(effort.Seconds(10, 4));
            cores.Add((Process.GetCurrentProcess().TotalProcessorTime - used).TotalSeconds / Stopwatch.GetElapsedTime(started).TotalSeconds);
            rates.Add((await Ticks(cluster, ids) - before) / Entities / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        var rate = Statistics.Median(rates);
        return
        [
            new("achieved rate of each entity", rate, "Hz", "20.0 Hz", Math.Round(rate, 1) >= Rate) { Runs = rates },
            Figure.AtMost("CPU of the process", Statistics.Median(cores), "cores", GoalCores) with { Runs = cores },
            new("a frame", Statistics.Median(cores) / (Entities * rate) * 1e6, "µs"),
        ];
    }

    static async Task<double> Ticks(EmbeddedCluster cluster, EntityId[] ids)
    {
        double sum = 0;
        foreach (var id in ids.Where((_, i) => i % 50 == 0)) sum += await Ask(cluster, id, "bench.look") * 50;
        return sum;
    }

    static async Task<long> Ask(EmbeddedCluster cluster, EntityId id, string operation)
    {
        var reply = BenchCluster.Good(await cluster.Call(new CallRequest { Entity = id, Operation = operation }));
        using var state = JsonDocument.Parse(reply.Result);
        return state.RootElement.GetProperty("ticks").GetInt64();
    }
}
