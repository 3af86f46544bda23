using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Embedded;
using Evergrain.Host;
using Evergrain.Runtime;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Retirement;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evergrain.Benchmarks.World;

/// <summary>The production cluster on real parts, as a host sets it up, serving the benchmark modules.</summary>
internal static class BenchCluster
{
    public const string Module = "bench";
    public static readonly BackgroundThread Background = new("Evergrain modules");
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static EmbeddedCluster Create(IEntityStore store, EmbeddedClusterOptions? options = null) => new(
        new EmbeddedClusterPorts
        {
            Entities = store,
            Cluster = new MemoryClusterStore(),
            Packages = new MemoryPackageStore(),
            Loader = new AssemblyModuleLoader(),
            Collector = new GarbageCollector(TimeProvider.System),
            Time = TimeProvider.System,
            Executor = new ThreadPoolExecutor(),
            Background = Background,
            Random = new Random(1),
            Logging = NullLoggerFactory.Instance,
        },
        (options ?? new EmbeddedClusterOptions()) with { Modules = new ModuleRuntimeOptions { Signatures = new SignaturePolicy { AcceptUnsigned = true } } });

    /// <summary>So many silos that serve version 1.0.0.</summary>
    public static async Task<EmbeddedCluster> Start(int silos, IEntityStore? store = null, EmbeddedClusterOptions? options = null)
    {
        var cluster = Create(store ?? new MemoryEntityStore(), options);
        for (var i = 1; i <= silos; i++) await cluster.AddSilo($"silo-{i}", default);
        foreach (var package in FixturePackages.Of(Module)) await cluster.Ops.Publish(package, default);
        await RollOut(cluster, "1.0.0");
        return cluster;
    }

    /// <summary>Rolls a version out, or back, and waits until the other one is gone.</summary>
    public static async Task<RolloutStatus> RollOut(EmbeddedCluster cluster, string version)
    {
        var accepted = await cluster.Ops.StartRollout(new RolloutRequest { Modules = [new ModuleId(Module, version)] }, "benchmark", default);
        return await Ended(cluster, accepted.Id);
    }

    /// <summary>Fails when the rollout was aborted or left something behind.</summary>
    public static async Task<RolloutStatus> Ended(EmbeddedCluster cluster, string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var status = await cluster.Ops.Rollout(id, patience.Token);
            if (status.Phase == RolloutPhase.Aborted || status.Phase == RolloutPhase.Permanent && status.Findings.Count > 0)
                throw new InvalidOperationException($"The rollout did not end well: {string.Join(" ", status.Findings.Select(finding => finding.Message))}");
            if (status.Phase == RolloutPhase.Permanent) return status;
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience.Token);
        }
    }

    /// <summary>A benchmark counts only calls that succeed.</summary>
    public static CallReply Good(CallReply reply) => reply.Ok ? reply : throw new InvalidOperationException($"A call failed: {reply.Error}");
}
