using System.Globalization;
using Evergrain.Benchmarks.World;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.Benchmarks.Stores;

/// <summary>A process of its own that makes durable calls over SQLite under strace, which counts what the system flushes: of the log, and of the file at its checkpoints.
/// Its times are not to be reported: each flush stops for the watcher.</summary>
internal static class CountedFlushes
{
    public const string Command = "counted-flushes";
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    /// <summary>In the second process: writes how many calls were answered between the marks.</summary>
    public static async Task<int> Run(string folder, string seconds)
    {
        await using var store = DurableStore.Sqlite(Path.Combine(folder, "bench.db"));
        await using var cluster = await WalletCluster.Start(store);
        await DurableCallBenchmark.Run(cluster, store, WarmUp);
        Strace.Mark(Begin(folder));
        var run = await DurableCallBenchmark.Run(cluster, store, TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
        Strace.Mark(End(folder));
        Console.WriteLine(run.Latencies.Length.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <returns>Calls per flush.</returns>
    public static async Task<double> Start(DirectoryInfo folder, TimeSpan length)
    {
        var log = Path.Combine(folder.FullName, "calls");
        var program = Path.Combine(AppContext.BaseDirectory, "Evergrain.Benchmarks");
        var calls = double.Parse(await Strace.Run(log, program, Command, folder.FullName, length.TotalSeconds.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        return calls / Strace.Flushed(log, Begin(folder.FullName), End(folder.FullName)).Count;
    }

    static string Begin(string folder) => Path.Combine(folder, "begin");
    static string End(string folder) => Path.Combine(folder, "end");
}
