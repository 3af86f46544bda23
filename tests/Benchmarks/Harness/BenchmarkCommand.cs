using Evergrain.Benchmarks.Calls;
using Evergrain.Benchmarks.Dispatch;
using Evergrain.Benchmarks.Frames;
using Evergrain.Benchmarks.Memory;
using Evergrain.Benchmarks.Migrate;
using Evergrain.Benchmarks.Rollouts;
using Evergrain.Benchmarks.Simulated;
using Evergrain.Benchmarks.Socket;
using Evergrain.Benchmarks.Stores;
using Evergrain.Benchmarks.Swap;

namespace Evergrain.Benchmarks.Harness;

/// <summary><c>list</c>, <c>all</c>, <c>table</c>, or the names of benchmarks; <c>--quick</c> for short runs that are not written down.</summary>
internal static class BenchmarkCommand
{
    const int Done = 0, WrongArguments = 2;

    static readonly IBenchmark[] Benchmarks =
    [
        new DispatchBenchmark(), new SwapBenchmark(), new CallBenchmark(), new FrameBenchmark(), new IdleMemoryBenchmark(),
        new SocketBenchmark(), new MigrationBenchmark(), new StateMigrationBenchmark(), new RolloutBenchmark(), new SimulatorBenchmark(),
        new DurableCallBenchmark(), new ManyEntitiesBenchmark(),
    ];

    public static async Task<int> Run(string[] args)
    {
        var effort = new Effort(Quick: args.Contains("--quick"));
        var names = args.Where(arg => arg != "--quick").ToArray();
        if (names is ["list"] or [])
        {
            foreach (var benchmark in Benchmarks) Console.WriteLine($"{benchmark.Name,-12} {benchmark.Summary}");
            return Done;
        }
        if (names is ["table"])
        {
            ResultFolder.WriteTable(Benchmarks);
            return Done;
        }
        var chosen = names is ["all"] ? Benchmarks : Benchmarks.Where(benchmark => names.Contains(benchmark.Name)).ToArray();
        if (names is not ["all"] && chosen.Length != names.Length)
        {
            Console.Error.WriteLine($"There is no benchmark {string.Join(", ", names.Except(chosen.Select(benchmark => benchmark.Name)))}. See 'list'.");
            return WrongArguments;
        }
        foreach (var benchmark in chosen) await Measure(benchmark, effort);
        if (!effort.Quick) ResultFolder.WriteTable(Benchmarks);
        return Done;
    }

    static async Task Measure(IBenchmark benchmark, Effort effort)
    {
        Console.WriteLine($"{benchmark.Name}: {benchmark.Summary}");
        var figures = await benchmark.Measure(effort);
        foreach (var figure in figures)
            Console.WriteLine($"  {figure.Name,-58} {figure.Text,22}{(figure.Goal is null ? "" : $"   goal {figure.Goal}: {(figure.Met == true ? "met" : "missed")}")}");
        if (!effort.Quick) ResultFolder.Write(new BenchmarkResult(benchmark.Name, benchmark.Summary, DateTimeOffset.UtcNow, Machine.Describe(), figures));
        // The next one starts with a clean process heap.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
