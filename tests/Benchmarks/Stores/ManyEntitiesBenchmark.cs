using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Benchmarks.Stores;

/// <summary>What a million entities on the disk cost: their bytes, a first call of one, and the start of a host over them.</summary>
internal sealed class ManyEntitiesBenchmark : IBenchmark
{
    const int AtOnce = 1024;

    public string Name => "many-entities";
    public string Summary => "1,000,000 wallets in one SQLite file (--quick: 100,000); the machine's file cache is as the writing left it.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        var count = effort.Quick ? 100_000 : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("evergrain-bench");
        try
        {
            var (few, many) = (Path.Combine(folder.FullName, "few.db"), Path.Combine(folder.FullName, "many.db"));
            await Fill(few, 1, effort);
            await Fill(many, count, effort);
            var openings = new Dictionary<string, List<double>> { [few] = [], [many] = [] };
            for (var run = 0; run < effort.Runs(9, 5); run++)
                foreach (var file in (string[])[few, many]) openings[file].Add(await Opening(file));
            var starts = new Dictionary<string, List<double>> { [few] = [], [many] = [] };
            for (var run = 0; run < effort.Runs(5, 3); run++)
                foreach (var file in (string[])[few, many]) starts[file].Add(await FirstAnswer(file));
            var activations = await Activations(many, count, effort.Runs(20_000, 5_000));
            return
            [
                new("bytes on the disk of an entity", (double)new FileInfo(many).Length / count, "bytes"),
                new("first call of an entity, p99", Statistics.Percentile(activations, 0.99), "ms"),
                new("first call of an entity, p50", Statistics.Percentile(activations, 0.5), "ms"),
                new("opening the store", Statistics.Median(openings[many]), "ms") { Runs = openings[many] },
                new("opening a store of one entity", Statistics.Median(openings[few]), "ms") { Runs = openings[few] },
                new("start to the first answer", Statistics.Median(starts[many]), "ms") { Runs = starts[many] },
                new("start to the first answer, one entity", Statistics.Median(starts[few]), "ms") { Runs = starts[few] },
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // As the host would have written them, but many at once; the release comes with the first start.
    static async Task Fill(string file, int count, Effort effort)
    {
        await using var store = DurableStore.Sqlite(file);
        await using (await WalletCluster.Start(store)) effort.Say($"{count:#,0} wallets are written.");
        var random = new Random(1);
        for (var from = 0; from < count; from += AtOnce)
        {
            var writes = Enumerable.Range(from, Math.Min(AtOnce, count - from)).Select(i => new EntityWrite(Record(i, random), null)).ToArray();
            if ((await store.Entities.Write(writes)).Any(outcome => outcome.Etag is null)) throw new InvalidOperationException("A wallet was not written.");
        }
    }

    static EntityRecord Record(int number, Random random) => new()
    {
        Id = WalletCluster.Wallet(number), Incarnation = 1, Epoch = 1, WriteId = new Guid(Bytes(random)), Created = true,
        Slices = [new SliceRecord("wallet", 1, System.Text.Encoding.UTF8.GetBytes($$"""{"gold":{{random.Next(1_000_000)}}}"""), "1.0.0", 1)],
    };

    static byte[] Bytes(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return bytes;
    }

    static async Task<double> Opening(string file)
    {
        var began = Stopwatch.GetTimestamp();
        var store = DurableStore.Sqlite(file);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        await store.DisposeAsync();
        return took;
    }

    static async Task<double> FirstAnswer(string file)
    {
        var began = Stopwatch.GetTimestamp();
        await using var store = DurableStore.Sqlite(file);
        await using var cluster = await WalletCluster.Start(store);
        BenchCluster.Good(await cluster.Call(Balance(0)));
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    static async Task<double[]> Activations(string file, int count, int calls)
    {
        await using var store = DurableStore.Sqlite(file);
        await using var cluster = await WalletCluster.Start(store);
        var random = new Random(2);
        var took = new double[calls];
        var seen = new HashSet<int>();
        for (var i = 0; i < calls; i++)
        {
            int wallet;
            while (!seen.Add(wallet = random.Next(count))) { }
            var began = Stopwatch.GetTimestamp();
            BenchCluster.Good(await cluster.Call(Balance(wallet)));
            took[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
        return [.. took.Order()];
    }

    static CallRequest Balance(int wallet) => new() { Entity = WalletCluster.Wallet(wallet), Operation = "wallet.balance" };
}
