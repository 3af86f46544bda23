using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Embedded;
using Evergrain.Stores.Sql;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Benchmarks.Stores;

/// <summary>Calls that are on the disk before they are answered, and how many of them one flush serves.</summary>
internal sealed class DurableCallBenchmark : IBenchmark
{
    const int Callers = 64, Wallets = 1000;
    const double CallsPerFlushGoal = 16;
    static readonly ReadOnlyMemory<byte> Credit = """{"amount":1}"""u8.ToArray();

    public string Name => "durable-calls";
    public string Summary => $"Durable calls (beforeReply) by {Callers} callers over {Wallets:#,0} wallets of one silo; each commit of a store flushes to the disk once.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        var figures = new List<Figure>();
        var folder = Directory.CreateTempSubdirectory("evergrain-bench");
        try
        {
            await using (var store = DurableStore.Sqlite(Path.Combine(folder.FullName, "bench.db"))) figures.AddRange((await Measure("SQLite", store, effort)).Figures);
            if (Strace.WhyNot is { } unwatched) effort.Say($"SQLite's flushes are not counted. {unwatched}");
            else figures.Add(Flushes("SQLite", "strace", await CountedFlushes.Start(folder.CreateSubdirectory("counted"), effort.Seconds(5, 2))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        if (PostgresServer.WhyNot is { } reason)
        {
            effort.Say($"PostgreSQL is left out. {reason}");
            return figures;
        }
        await using var server = new PostgresServer(flushes: true);
        await server.Make();
        var (before, calls) = (server.WalFlushes(), 0L);
        await using (var store = DurableStore.Postgres(server.Connection("postgres")))
        {
            var measured = await Measure("PostgreSQL", store, effort);
            figures.AddRange(measured.Figures);
            calls = measured.Calls;
        }
        await server.Left();
        if (server.WalFlushes() - before is { } flushes) figures.Add(Flushes("PostgreSQL", "the server", (double)calls / flushes));
        return figures;
    }

    static Figure Flushes(string name, string by, double callsPerFlush) => Figure.AtLeast($"{name}, calls per flush, counted by {by}", callsPerFlush, "calls", CallsPerFlushGoal);

    /// <returns>The calls are those of all runs, warm-up included.</returns>
    static async Task<(IReadOnlyList<Figure> Figures, long Calls)> Measure(string name, SqlStore store, Effort effort)
    {
        await using var cluster = await WalletCluster.Start(store);
        var (runs, calls) = (new List<DurableRun>(), 0L);
        for (var run = -1; run < effort.Runs(5, 2); run++)
        {
            var result = await Run(cluster, store, effort.Seconds(5, 2));
            calls += result.Latencies.Length;
            if (run >= 0) runs.Add(result);
        }
        return (
        [
            Of($"{name}, calls", "calls/s", run => run.PerSecond),
            Of($"{name}, p99", "ms", run => run.P99),
            Of($"{name}, p50", "ms", run => run.P50),
            Figure.AtLeast($"{name}, calls per flush", Statistics.Median(runs.Select(run => run.CallsPerFlush)), "calls", CallsPerFlushGoal) with { Runs = [.. runs.Select(run => run.CallsPerFlush)] },
            Of($"{name}, flushes", "/s", run => run.FlushesPerSecond),
        ], calls);

        Figure Of(string what, string unit, Func<DurableRun, double> value) => new(what, Statistics.Median(runs.Select(value)), unit) { Runs = [.. runs.Select(value)] };
    }

    /// <summary>All callers at once for a while.</summary>
    public static async Task<DurableRun> Run(EmbeddedCluster cluster, SqlStore store, TimeSpan length)
    {
        var (before, started) = (store.Commits, Stopwatch.GetTimestamp());
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Call(caller))).ToArray();
        var latencies = (await Task.WhenAll(callers)).SelectMany(one => one).Order().ToArray();
        return new DurableRun(latencies, store.Commits - before, Stopwatch.GetElapsedTime(started));

        async Task<List<double>> Call(int caller)
        {
            var (random, took) = (new Random(caller), new List<double>());
            while (Stopwatch.GetElapsedTime(started) < length)
            {
                var sent = Stopwatch.GetTimestamp();
                BenchCluster.Good(await cluster.Call(new CallRequest { Entity = WalletCluster.Wallet(random.Next(Wallets)), Operation = "wallet.credit", Arguments = Credit }));
                took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                await Task.Yield();
            }
            return took;
        }
    }
}

/// <param name="Latencies">Of every call, sorted, in ms.</param>
internal sealed record DurableRun(double[] Latencies, long Commits, TimeSpan Took)
{
    public double PerSecond => Latencies.Length / Took.TotalSeconds;
    public double P50 => Statistics.Percentile(Latencies, 0.5);
    public double P99 => Statistics.Percentile(Latencies, 0.99);
    public double CallsPerFlush => (double)Latencies.Length / Commits;
    public double FlushesPerSecond => Commits / Took.TotalSeconds;
}
