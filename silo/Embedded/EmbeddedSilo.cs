using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core;
using Evergrain.Core.Entities;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>One silo: its own module runtime, entities and agent. Safe from any thread.</summary>
public sealed class EmbeddedSilo : IEntityCaller, IVersionGrainLink, ISiloHints
{
    readonly EmbeddedCluster cluster;
    readonly EmbeddedSiloPorts ports;
    readonly SeededIdSource ids;
    readonly MortalClusterStore records;
    readonly CancellationTokenSource leaving = new();
    readonly TaskCompletionSource left = new();
    readonly CallsInFlight inFlight;
    readonly CallRouter router;
    readonly Lock grainGuard = new();
    readonly Lock viewing = new();
    readonly WakeUpScan wakeUps;
    VersionGrain? versionGrain;
    int stops;
    volatile MembershipView view = MembershipView.None;
    volatile bool dead, ended;

    internal EmbeddedSilo(string id, EmbeddedSiloPorts ports, EmbeddedCluster cluster)
    {
        (Id, this.ports, this.cluster) = (id, ports, cluster);
        var options = cluster.Options;
        // The executor of those who wait: a silo that was killed may run nothing any more.
        inFlight = new CallsInFlight(cluster.Ports.Executor, () => Lost(Ran.Unknown));
        router = new CallRouter(this, () => view, cluster.Ports.Network, ports.Time, () => dead || cluster.IsClosing);
        ids = new SeededIdSource(ports.Random, ports.Time);
        records = new MortalClusterStore(ports.Cluster, () => dead);
        Modules = new ModuleRuntime(options.Modules, ports.Packages, ports.Loader, ports.Collector, ports.Time, ports.Background);
        Entities = new EntitySilo(new EntitySiloPorts
        {
            SiloId = id,
            Modules = new SiloModuleTables(Modules, ports.Packages),
            Store = new MortalEntityStore(ports.Entities, () => dead),
            Caller = this,
            Publish = gameEvent => { if (!dead) cluster.Subscriptions.Publish(gameEvent); },
            CatchUp = epoch => Agent!.CatchUp(epoch),
            BelongsHere = BelongsHere,
            Claim = new Claims(this, () => View, cluster.Ports.Network, ports.Time).Claim,
            Incarnation = () => Agent!.Incarnation,
            Time = ports.Time,
            Executor = ports.Executor,
            Ids = ids,
            Logger = ports.Logging.CreateLogger("Evergrain.Silo"),
            Instruments = cluster.Instruments,
            EntityHashing = ports.EntityHashing,
        }, options.Entities);
        Agent = new SiloAgent(id, new SiloAgentPorts
        {
            Store = records,
            Modules = new RuntimeModules(Modules, new SiloRehearsal(Entities, ports.Background, options.Rehearsals)),
            VersionGrain = this,
            Executor = ports.Executor,
            Time = ports.Time,
            Random = new Random(ports.Random.Next()),
            Ids = ids,
            Activated = _ => Entities.Sweep(),
            Events = cluster.Tell,
        }, options.Agents);
        Modules.Holders = Entities;
        Modules.SlotChanged += SlotChanged;
        wakeUps = new WakeUpScan(this, ports, options.WakeUpScan, BelongsHere);
    }

    public string Id { get; }
    internal EmbeddedSiloPorts Ports => ports;
    public ModuleRuntime Modules { get; }
    public EntitySilo Entities { get; }
    public SiloAgent Agent { get; }
    public bool IsDead => dead;

    /// <summary>The membership as this silo knows it: it may be behind.</summary>
    public MembershipView View => view;

    internal bool HasEnded => ended;

    /// <summary>Enrols and catches up; only then does the gate of its entities open.</summary>
    /// <exception cref="FindingsException"><c>silo-lost</c>: it was killed or stopped before.</exception>
    internal async Task Start(CancellationToken cancellation)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation, leaving.Token);
        try
        {
            await Agent.Start(given.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            throw EndedWhileJoining();
        }
        if (leaving.IsCancellationRequested) throw EndedWhileJoining();
        Entities.Open();
        wakeUps.Start();
    }

    internal FindingsException EndedWhileJoining() => new(ErrorCodes.SiloLost, $"Silo {Id} was killed or stopped while it joined.", "Start it again.");

    /// <summary>Leaves in good order. The cluster has taken it out of the placement before. Whoever asks again waits for the first.</summary>
    internal Task Stop(CancellationToken cancellation) => Interlocked.Exchange(ref stops, 1) == 0 ? Leave(cancellation) : left.Task;

    /// <summary>Its ports refuse everything from now on.</summary>
    internal Task Kill()
    {
        dead = true;
        wakeUps.Dispose();
        Entities.Kill();
        Agent.Dispose();
        inFlight.End();
        leaving.Cancel();
        return End();
    }

    /// <summary>A call between entities, or from tracked work, that begins on this silo.</summary>
    public ValueTask<CallReply> Call(CallRequest request) => dead ? new(Lost(Ran.No)) : router.Call(request);

    Task IVersionGrainLink.Report(SiloReport report) =>
        !dead && view.Home is { } home ? cluster.Ports.Network.Report(this, home, report) : Task.CompletedTask;

    void ISiloHints.Hint(string silo)
    {
        if (!dead && view.Find(silo) is { } found) cluster.Ports.Network.Hint(this, found);
    }

    internal ValueTask<CallReply> Receive(CallRequest request)
    {
        if (dead) return new(Lost(Ran.No));
        var call = Entities.Call(request);
        return call.IsCompleted ? call : inFlight.Add(call);
    }

    internal void ReceiveReport(SiloReport report)
    {
        if (!dead && ReferenceEquals(view.Home, this)) VersionGrain()?.Report(report);
    }

    internal void ReceiveHint()
    {
        if (!dead) Agent.Hint();
    }

    internal ValueTask ReceiveRelease(EntityId id, CancellationToken cancellation) => dead ? default : Entities.Release(id, cancellation);

    /// <summary>A silo that finds itself declared dead ends itself, for its entities live elsewhere by now.</summary>
    internal void ReceiveMembers(MembershipView newer)
    {
        lock (viewing)
        {
            if (dead || ended || newer.Number <= view.Number) return;
            view = newer;
        }
        if (!newer.Members.Contains(this)) _ = Kill();
        else if (!ReferenceEquals(newer.Home, this)) ReleaseVersionGrain();
    }

    void ReleaseVersionGrain()
    {
        lock (grainGuard)
        {
            versionGrain?.Dispose();
            versionGrain = null;
        }
    }

    /// <summary>The version grain of this silo, made where there is none: any number may live, and the record's etag fences all but one.
    /// Null when the silo has ended.</summary>
    internal VersionGrain? VersionGrain()
    {
        lock (grainGuard)
            return ended ? null : versionGrain ??= new VersionGrain(new VersionGrainPorts
            {
                Store = records,
                Packages = new StoredPackages(ports.Packages),
                Hints = this,
                LiveSilos = () => view.Ids,
                Executor = ports.Executor,
                Time = ports.Time,
                Ids = ids,
                Events = cluster.Tell,
            }, cluster.Options.Rollouts);
    }

    async Task Leave(CancellationToken cancellation)
    {
        leaving.Cancel();
        wakeUps.Dispose();
        await Entities.Stop(cancellation);
        await Agent.Stop();
        await End();
        left.SetResult();
    }

    bool BelongsHere(EntityId entity) => ReferenceEquals(view.Placement.Owner(entity), this);

    async Task End()
    {
        ended = true;
        ReleaseVersionGrain();
        await Modules.DisposeAsync();
    }

    void SlotChanged(SlotStatus slot) => cluster.Tell(new OpsEvent("slot", ports.Time.GetUtcNow(), $"{slot.Name}@{slot.Version} is {slot.State.ToString().ToLowerInvariant()}")
    {
        Silo = Id, Module = $"{slot.Name}@{slot.Version}", Epoch = Entities.Epoch,
    });

    CallReply Lost(Ran ran) => CallReply.Failed(new CallError(ErrorCodes.SiloLost, ran, $"Silo {Id} is dead.",
        ran == Ran.No ? "Try again." : "Try again with the same idempotency key.") { RetryAfterMs = 50 }, Entities.Epoch);
}
