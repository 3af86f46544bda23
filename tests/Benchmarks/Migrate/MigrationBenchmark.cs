using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded;

namespace Evergrain.Benchmarks.Migrate;

/// <summary>Every live entity goes from schema 1 to 2 by a rollout while players go on calling; beside it the same time without a rollout.</summary>
internal sealed class MigrationBenchmark : IBenchmark
{
    const int Entities = 100_000, CallsPerSecond = 20_000, Silos = 3;
    const double GoalMs = 2, GoalFactor = 2, GoalSeconds = 20;

    public string Name => "migrate";
    public string Summary => $"{Entities:#,0} live entities of {Silos} silos, migrated by a rollout under an open loop of {CallsPerSecond:#,0} calls/s over uniform keys; latency from the intended send.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var cluster = await BenchCluster.Start(Silos);
        var ids = Enumerable.Range(0, Entities).Select(i => new EntityId("live", $"live-{i:00000000}")).ToArray();
        foreach (var id in ids) BenchCluster.Good(await cluster.Call(new CallRequest { Entity = id, Operation = "bench.touch" }));
        var (with, without) = (new List<Window>(), new List<Window>());
        for (var pair = 0; pair < effort.Runs(15, 3); pair++)
        {
            with.Add(await Window(cluster, ids, effort, seed: 2 * pair, rollout: true));
            await BenchCluster.RollOut(cluster, "1.0.0");
            without.Add(await Window(cluster, ids, effort, seed: 2 * pair + 1, rollout: false));
            effort.Say($"p99.9 before {with[^1].P999Before:0.00} ms, in the window {with[^1].P999:0.00} ms, worst {with[^1].Worst:0.0} ms, moved in {with[^1].Moved:0.00} s, gone in {with[^1].Gone:0.00} s; " +
                $"without a rollout {without[^1].P999Before:0.00}, {without[^1].P999:0.00}, {without[^1].Worst:0.0} ms");
        }
        return Figures(with, without);
    }

    static IReadOnlyList<Figure> Figures(List<Window> with, List<Window> without)
    {
        var before = Of(with, window => window.P999Before);
        var goal = Math.Max(GoalMs, GoalFactor * before);
        return
        [
            Figure.AtMost("p99.9 from commit to the last entity moved (10 s or longer)", Of(with, window => window.P999), "ms", Math.Round(goal, 2)) with { Runs = [.. with.Select(window => window.P999)] },
            new("p99.9 in the 10 s before", before, "ms"),
            new("p99.9 of the same 10 s without a rollout", Of(without, window => window.P999), "ms"),
            new("p99.9 of the 10 s before, without a rollout", Of(without, window => window.P999Before), "ms"),
            new("worst call of a rollout, median", Of(with, window => window.Worst), "ms"),
            new("worst call of all rollouts", with.Max(window => window.Worst), "ms"),
            new("worst call without a rollout, median", Of(without, window => window.Worst), "ms"),
            new("pauses of the garbage collector in the window, with a rollout", Of(with, window => window.Paused), "ms"),
            new("pauses of the garbage collector in the window, without", Of(without, window => window.Paused), "ms"),
            new("commit to the last entity moved, median", Of(with, window => window.Moved), "s"),
            Figure.AtMost("commit to unloaded and proved, longest", with.Max(window => window.Gone), "s", GoalSeconds) with { Runs = [.. with.Select(window => window.Gone)] },
        ];
    }

    static double Of(List<Window> windows, Func<Window, double> figure) => Statistics.Median(windows.Select(figure));

    static async Task<Window> Window(EmbeddedCluster cluster, EntityId[] ids, Effort effort, int seed, bool rollout)
    {
        var length = effort.Seconds(10, 6);
        using var load = new OpenLoop(cluster, ids, "bench.touch", """{"amount":1}"""u8.ToArray(), CallsPerSecond, seed);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var begun = Stopwatch.GetTimestamp();
        await Task.Delay(length);
        var change = Stopwatch.GetTimestamp();
        var paused = GC.GetTotalPauseDuration();
        var (committed, moved, gone) = rollout ? await RollOut(cluster) : (change, change, change);
        var end = Math.Max(moved, committed + (long)(length.TotalSeconds * Stopwatch.Frequency));
        if (end - Stopwatch.GetTimestamp() is > 0 and var left) await Task.Delay(TimeSpan.FromSeconds((double)left / Stopwatch.Frequency));
        paused = GC.GetTotalPauseDuration() - paused;
        await load.Stop();
        var (before, during) = (load.Between(begun, change), load.Between(committed, end));
        return new Window(Statistics.Percentile(before, 0.999), Statistics.Percentile(during, 0.999), during[^1],
            Stopwatch.GetElapsedTime(committed, moved).TotalSeconds, Stopwatch.GetElapsedTime(committed, gone).TotalSeconds, paused.TotalMilliseconds);
    }

    static async Task<(long Committed, long Moved, long Gone)> RollOut(EmbeddedCluster cluster)
    {
        var old = cluster.Members.Select(silo => silo.Modules.Table.Slots[0]).ToArray();
        var accepted = await cluster.Ops.StartRollout(new RolloutRequest { Modules = [new ModuleId(BenchCluster.Module, "2.0.0")] }, "benchmark", default);
        while (old.Any(slot => slot.Leases > 0)) await Task.Delay(2);
        var moved = Stopwatch.GetTimestamp();
        var ended = await BenchCluster.Ended(cluster, accepted.Id);
        var gone = Stopwatch.GetTimestamp();
        if (cluster.Members.Sum(silo => silo.Modules.Table.Slots[0].Leases) < Entities) throw new InvalidOperationException("Not every entity has moved.");
        var committed = ended.Timings.First(timing => timing.Phase == RolloutPhase.Draining).At;
        return (moved - (long)((WallClock(moved) - committed).TotalSeconds * Stopwatch.Frequency), moved, gone);
    }

    static DateTimeOffset WallClock(long timestamp) => DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(timestamp);
}

/// <summary>One run: latencies in ms, times from the commit in seconds.</summary>
/// <param name="Paused">All pauses of the garbage collector in the second stretch, ms.</param>
internal sealed record Window(double P999Before, double P999, double Worst, double Moved, double Gone, double Paused);
