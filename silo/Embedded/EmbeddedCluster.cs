using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core;
using Evergrain.Core.Entities;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;

namespace Evergrain.Embedded;

/// <summary>Several silos in one process, over stores that outlive them. It never spans machines: that is Orleans' business. Safe from any
/// thread.</summary>
public sealed class EmbeddedCluster : IEntityCaller, ISiloHints, IAsyncDisposable
{
    // Between two looks for the silo that serves an entity whose silo just joined, left or died.
    static readonly TimeSpan Reroute = TimeSpan.FromMilliseconds(10);

    readonly SemaphoreSlim membership = new(1);
    readonly OpsEventHub events = new();
    volatile Placement placement = Placement.Empty;
    ImmutableArray<EmbeddedSilo> members = [];

    public EmbeddedCluster(EmbeddedClusterPorts ports, EmbeddedClusterOptions options)
    {
        (Ports, Options) = (ports, options);
        Ids = new SeededIdSource(ports.Random, ports.Time);
        Instruments = new EntityInstruments(ports.Time);
        ReleasePackages = new StoredPackages(ports.Packages);
        Intake = new PackageIntake(ports.Packages, options.Modules.Limits, options.Modules.Signatures);
        Ops = new EmbeddedOps(this, events);
    }

    public IEventSource Events => Subscriptions;
    public IClusterOps Ops { get; }

    /// <summary>The silos that live, joining ones included.</summary>
    public IReadOnlyList<EmbeddedSilo> Members => members;

    internal EmbeddedClusterPorts Ports { get; }
    internal EmbeddedClusterOptions Options { get; }
    internal IIdSource Ids { get; }
    internal EntityInstruments Instruments { get; }
    internal StoredPackages ReleasePackages { get; }
    internal PackageIntake Intake { get; }
    internal SubscriptionHub Subscriptions { get; } = new();
    internal Placement Placement => placement;

    /// <summary>Publishes every package of a folder; a bad one is a finding, and the others go on.</summary>
    public Task<PreloadResult> Preload(string folder, CancellationToken cancellation) =>
        new PreloadFolder(Intake, Options.Modules.Limits).Publish(folder, cancellation);

    /// <summary>Starts a silo. It serves nothing before it is enrolled and has caught up.</summary>
    public async Task<EmbeddedSilo> AddSilo(string id, CancellationToken cancellation)
    {
        if (members.Any(member => member.Id == id)) throw new ArgumentException($"There is a silo {id} already.", nameof(id));
        var silo = new EmbeddedSilo(id, this);
        ImmutableInterlocked.Update(ref members, static (all, added) => all.Add(added), silo);
        await silo.Start(cancellation);
        await membership.WaitAsync(cancellation);
        try
        {
            if (!silo.IsDead) placement = placement.With(silo);
        }
        finally
        {
            membership.Release();
        }
        Tell(new OpsEvent("silo", Ports.Time.GetUtcNow(), $"{id} serves") { Silo = id, Epoch = silo.Entities.Epoch });
        return silo;
    }

    /// <summary>A silo leaves in good order: its entities are written and come back elsewhere.</summary>
    public async Task StopSilo(string id, CancellationToken cancellation)
    {
        var silo = Find(id);
        await Displace(silo);
        await silo.Stop(cancellation);
        Forget(silo);
        Tell(new OpsEvent("silo", Ports.Time.GetUtcNow(), $"{id} left") { Silo = id });
    }

    /// <summary>As if the silo's process had died.</summary>
    public async Task KillSilo(string id)
    {
        var silo = Find(id);
        Forget(silo);
        var ending = silo.Kill();
        await Displace(silo);
        Tell(new OpsEvent("silo", Ports.Time.GetUtcNow(), $"{id} was killed") { Silo = id });
        await ending;
    }

    public ValueTask<CallReply> Call(CallRequest request) => Call(null, request);

    public void Hint(string silo)
    {
        if (members.FirstOrDefault(member => member.Id == silo) is { } found) Ports.Network.Hint(found);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Options.StopTimeout, Ports.Time);
        foreach (var silo in members) await StopSilo(silo.Id, patience.Token);
        Instruments.Dispose();
        membership.Dispose();
    }

    internal IReadOnlyCollection<string> LiveSilos() => [.. members.Select(silo => silo.Id)];
    internal void Tell(OpsEvent happened) => events.Tell(happened);

    /// <summary>Where the version grain lives now; null when there is no silo.</summary>
    internal EmbeddedSilo? VersionGrainSilo() => placement.Owner(VersionGrainId) ?? members.FirstOrDefault();

    internal ValueTask<CallReply> Call(EmbeddedSilo? from, CallRequest request)
    {
        if (placement.Owner(request.Entity) is not { } owner) return Await(from, request, new(NoSilo()));
        var call = Ports.Network.Call(from, owner, request);
        return call.IsCompletedSuccessfully && !MayGoElsewhere(call.Result) ? call : Await(from, request, call);
    }

    internal EmbeddedSilo Find(string id) => members.FirstOrDefault(member => member.Id == id)
        ?? throw new FindingsException(ErrorCodes.NotFound, $"There is no silo {id}.", $"Live silos: {string.Join(", ", LiveSilos())}.");

    static readonly EntityId VersionGrainId = new("version-grain", "cluster");

    // A call that provably did not start is sent to where the entity lives now, until its deadline.
    async ValueTask<CallReply> Await(EmbeddedSilo? from, CallRequest request, ValueTask<CallReply> call)
    {
        var timed = request.Deadline is null ? request with { Deadline = Ports.Time.GetUtcNow() + CallRequest.DefaultDeadline } : request;
        while (true)
        {
            var reply = await call;
            if (!MayGoElsewhere(reply) || Ports.Time.GetUtcNow() + Reroute >= timed.Deadline) return reply;
            await Task.Delay(Reroute, Ports.Time);
            call = placement.Owner(timed.Entity) is { } owner ? Ports.Network.Call(from, owner, timed) : new(NoSilo());
        }
    }

    static bool MayGoElsewhere(CallReply reply) => reply.Error is { Ran: Ran.No, Code: ErrorCodes.SiloNotReady or ErrorCodes.SiloLost };

    static CallReply NoSilo() => CallReply.Failed(new CallError(ErrorCodes.SiloNotReady, Ran.No, "No silo serves.", "Try again once a silo has joined.") { RetryAfterMs = 500 });

    async Task Displace(EmbeddedSilo silo)
    {
        await membership.WaitAsync();
        try
        {
            placement = placement.Without(silo);
        }
        finally
        {
            membership.Release();
        }
        foreach (var other in members)
            if (!ReferenceEquals(other, VersionGrainSilo())) other.ReleaseVersionGrain();
    }

    void Forget(EmbeddedSilo silo) => ImmutableInterlocked.Update(ref members, static (all, gone) => all.Remove(gone), silo);
}
