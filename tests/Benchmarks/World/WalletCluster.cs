using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Entities;
using Evergrain.Embedded;
using Evergrain.Host;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Retirement;
using Evergrain.Stores.Sql;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evergrain.Benchmarks.World;

/// <summary>One silo of the production cluster that serves the sample game's wallets over a durable store.</summary>
internal static class WalletCluster
{
    public static EntityId Wallet(int number) => new("wallet", $"player-{number:0000000}");

    /// <summary>Serves; where the store holds no release yet, the wallets are rolled out first.</summary>
    public static async Task<EmbeddedCluster> Start(SqlStore store)
    {
        var cluster = new EmbeddedCluster(
            new EmbeddedClusterPorts
            {
                Entities = store.Entities,
                Cluster = store.Cluster,
                Packages = store.Packages,
                Loader = new AssemblyModuleLoader(),
                Collector = new GarbageCollector(TimeProvider.System),
                Time = TimeProvider.System,
                Executor = new ThreadPoolExecutor(),
                Background = BenchCluster.Background,
                Random = new Random(1),
                Logging = NullLoggerFactory.Instance,
            },
            new EmbeddedClusterOptions { Entities = new EntitySiloOptions { PlayersMayCallAnything = true }, Modules = new ModuleRuntimeOptions { Signatures = new SignaturePolicy { AcceptUnsigned = true } } });
        await cluster.AddSilo("silo-1", default);
        if ((await store.Cluster.Read(default)).Epoch > 0) return cluster;
        var wallets = await cluster.Ops.Publish(await File.ReadAllBytesAsync(Package()), default);
        var accepted = await cluster.Ops.StartRollout(new RolloutRequest { Modules = [new ModuleId(wallets.Name, wallets.Version)] }, "benchmark", default);
        await BenchCluster.Ended(cluster, accepted.Id);
        return cluster;
    }

    // artifacts/bin/<project>/<configuration> → artifacts/packages
    static string Package() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "packages", $"wallet-1.0.0{PackageLayout.Extension}"));
}
