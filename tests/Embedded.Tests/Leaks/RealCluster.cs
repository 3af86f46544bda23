using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.Runtime;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Retirement;
using Evergrain.Runtime.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evergrain.Embedded.Tests.Leaks;

/// <summary>One silo on real time and the thread pool, with real load contexts and the real collector.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    readonly IAsyncEnumerator<OpsEvent> events;
    Task<bool> nextEvent;

    RealCluster(TimeSpan drainDeadline, RehearsalOptions rehearsals)
    {
        Cluster = new EmbeddedCluster(new EmbeddedClusterPorts
        {
            Entities = Entities, Cluster = new MemoryClusterStore(), Packages = new MemoryPackageStore(),
            Loader = new AssemblyModuleLoader(), Collector = new GarbageCollector(TimeProvider.System), Time = TimeProvider.System,
            Executor = new PoolExecutor(), Background = new PoolExecutor(), Random = new Random(1), Logging = NullLoggerFactory.Instance,
        }, new EmbeddedClusterOptions
        {
            Modules = new ModuleRuntimeOptions
            {
                Signatures = new SignaturePolicy { AcceptUnsigned = true }, DebuggerAttached = static () => false, DrainDeadline = drainDeadline,
                EvictGrace = TimeSpan.FromSeconds(1), ProofInterval = TimeSpan.FromMilliseconds(20), StuckInterval = TimeSpan.FromMilliseconds(50),
            },
            Rehearsals = rehearsals,
            Agents = new SiloAgentOptions { Look = TimeSpan.FromMilliseconds(20) },
            Rollouts = new RolloutOptions { Tick = TimeSpan.FromMilliseconds(20), StuckBound = TimeSpan.FromMilliseconds(200) },
        });
        events = Cluster.Ops.Events(CancellationToken.None).GetAsyncEnumerator();
        nextEvent = events.MoveNextAsync().AsTask();
    }

    public EmbeddedCluster Cluster { get; }
    public MemoryEntityStore Entities { get; } = new();
    public EmbeddedSilo Silo => Cluster.Members[0];

    /// <summary>Serves pulse 1.0.0, with 2.0.0 published.</summary>
    public static async Task<RealCluster> Start(TimeSpan? drainDeadline = null, RehearsalOptions? rehearsals = null)
    {
        var cluster = new RealCluster(drainDeadline ?? TimeSpan.FromSeconds(30), rehearsals ?? new RehearsalOptions());
        await cluster.Cluster.AddSilo("s0", CancellationToken.None);
        foreach (var version in new[] { "1.0.0", "2.0.0" }) await cluster.Cluster.Ops.Publish(Fixtures.Package("pulse", version), CancellationToken.None);
        await cluster.RollOut("1.0.0");
        return cluster;
    }

    public async Task<RolloutStatus> RollOut(string version)
    {
        var accepted = await Cluster.Ops.StartRollout(new RolloutRequest { Modules = [new ModuleId("pulse", version)] }, "test", CancellationToken.None);
        return await Ended(accepted);
    }

    public async Task<RolloutStatus> Ended(RolloutAccepted accepted)
    {
        while (true)
        {
            var status = await Cluster.Ops.Rollout(accepted.Id, CancellationToken.None);
            if (status.Phase is RolloutPhase.Permanent or RolloutPhase.Aborted) return status;
            await NextEvent();
        }
    }

    /// <summary>The slot of that version once it is in that state.</summary>
    public async Task<SlotStatus> Slot(string version, SlotState state)
    {
        while (true)
        {
            if (Silo.Modules.Report().FirstOrDefault(slot => slot.Version == version && slot.State == state) is { } slot) return slot;
            await NextEvent();
        }
    }

    public async Task<CallReply> Call(string key, string operation) =>
        await Cluster.Call(new CallRequest { Entity = new EntityId("pulse", key), Operation = operation });

    public async ValueTask DisposeAsync() => await Cluster.DisposeAsync();

    async Task NextEvent()
    {
        await nextEvent.WaitAsync(Patience);
        nextEvent = events.MoveNextAsync().AsTask();
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";
}
