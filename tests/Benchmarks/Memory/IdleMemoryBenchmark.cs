using System.Runtime.CompilerServices;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Embedded;

namespace Evergrain.Benchmarks.Memory;

/// <summary>What an entity costs that is in memory and does nothing, beyond its record in the store, which holds its encoded state.</summary>
internal sealed class IdleMemoryBenchmark : IBenchmark
{
    const int Entities = 100_000;
    const double GoalBytes = 600;

    public string Name => "idle-memory";
    public string Summary => $"{Entities:#,0} idle entities, 16-character key, one slice, empty idempotency window.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        var (beyond, records) = (new List<double>(), new List<double>());
        for (var run = 0; run < effort.Runs(5, 2); run++)
        {
            var store = new MemoryEntityStore();
            EmbeddedCluster? cluster = await BenchCluster.Start(silos: 1, store);
            await Touch(cluster, "warm-up", 1000);
            var before = Heap();
            await Touch(cluster, "idle", Entities);
            await Written(cluster, store);
            var withEntities = Heap();
            // The silo with its entities leaves memory; their records stay.
            await cluster.DisposeAsync();
            cluster = null;
            var withRecords = Heap();
            beyond.Add((withEntities - withRecords) / (double)Entities);
            records.Add((withRecords - before) / (double)Entities);
            GC.KeepAlive(store);
        }
        return
        [
            Figure.AtMost("idle entity beyond its record", Statistics.Median(beyond), "bytes", GoalBytes) with { Runs = beyond },
            new("store record", Statistics.Median(records), "bytes") { Runs = records },
        ];
    }

    static async Task Touch(EmbeddedCluster cluster, string name, int count)
    {
        for (var i = 0; i < count; i++)
            BenchCluster.Good(await cluster.Call(new CallRequest { Entity = new EntityId("live", $"{name.PadRight(9, '-')}{i:0000000}"), Operation = "bench.touch" }));
    }

    static async Task Written(EmbeddedCluster cluster, MemoryEntityStore store)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await store.List(new EntityQuery("live"))).Records.Count < Entities) await Task.Delay(200, patience.Token);
        await Task.Delay(TimeSpan.FromSeconds(3), patience.Token); // and the last of them is clean again
        if (cluster.Members.Sum(silo => silo.Entities.Count) < Entities) throw new InvalidOperationException("Some entities have left memory.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
