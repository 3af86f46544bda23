using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Entities;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>Several silos in one process, over stores that outlive them. It never spans machines: that is Orleans' business. Safe from any
/// thread.</summary>
public sealed class EmbeddedCluster : IEntityCaller, IAsyncDisposable
{
    readonly OpsEventHub events = new();
    readonly CallRouter router;
    volatile bool closing;

    public EmbeddedCluster(EmbeddedClusterPorts ports, EmbeddedClusterOptions options)
    {
        (Ports, Options) = (ports, options);
        Membership = new Membership(ports.Network, ports.Time, ports.Executor);
        router = new CallRouter(null, () => Membership.Newest, ports.Network, ports.Time, () => closing);
        Instruments = new EntityInstruments(ports.Time);
        Intake = new PackageIntake(ports.Packages, options.Modules.Limits, options.Modules.Signatures);
        Subscriptions = new SubscriptionHub(ports.Logging.CreateLogger<SubscriptionHub>());
        Ops = new EmbeddedOps(this, events);
        EntityOps = new EmbeddedEntityOps(this);
    }

    public IEventSource Events => Subscriptions;
    public IClusterOps Ops { get; }
    public IEntityOps EntityOps { get; }

    /// <summary>The silos that live, joining and leaving ones included, as the newest view of the membership has them.</summary>
    public IReadOnlyList<EmbeddedSilo> Members => Membership.Newest.Members;

    internal EmbeddedClusterPorts Ports { get; }
    internal EmbeddedClusterOptions Options { get; }
    internal EntityInstruments Instruments { get; }
    internal PackageIntake Intake { get; }
    internal SubscriptionHub Subscriptions { get; }
    internal Membership Membership { get; }
    internal bool IsClosing => closing;

    /// <summary>Publishes every package of a folder; a bad one is a finding, and the others go on.</summary>
    public Task<PreloadResult> Preload(string folder, CancellationToken cancellation) =>
        new PreloadFolder(Intake, Options.Modules.Limits).Publish(folder, cancellation);

    /// <summary>Starts a silo. It serves nothing before it is enrolled and has caught up; it goes on trying until it is cancelled.</summary>
    /// <exception cref="ArgumentException">A silo of that name lives.</exception>
    /// <exception cref="FindingsException"><c>silo-lost</c>: it was killed or stopped while it joined.</exception>
    public async Task<EmbeddedSilo> AddSilo(string id, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(closing, this);
        var silo = Membership.Add(id, () => new EmbeddedSilo(id, Ports.Of(id), this)) ?? throw new ArgumentException($"There is a silo {id} already.", nameof(id));
        try
        {
            await silo.Start(cancellation);
            if (closing || !Membership.Serve(silo)) throw silo.EndedWhileJoining();
        }
        catch
        {
            await Leave(silo);
            throw;
        }
        Tell("serves", silo, silo.Entities.Epoch);
        return silo;
    }

    /// <summary>A silo leaves in good order: its entities are written and come back elsewhere. Bounded by <see cref="EmbeddedClusterOptions.StopTimeout"/>.</summary>
    /// <exception cref="FindingsException"><c>not-found</c>.</exception>
    public Task StopSilo(string id, CancellationToken cancellation) => Leave(Find(id), cancellation);

    /// <summary>As if the silo's process had died: its ports refuse everything, and who waits for it gets <c>silo-lost</c>.</summary>
    /// <exception cref="FindingsException"><c>not-found</c>.</exception>
    public Task KillSilo(string id) => KillSilo(Find(id));

    /// <summary>The same for a silo that the cluster has declared dead already, whose name another may have by now. Idempotent.</summary>
    public Task KillSilo(EmbeddedSilo silo)
    {
        var ending = silo.Kill();
        if (Membership.Remove(silo)) Tell("was killed", silo);
        return ending;
    }

    /// <summary>Declares a silo dead that lives, as a failure detector does by mistake: it is no member any more, its entities are placed
    /// elsewhere and its name is free. It goes on until it hears of that, and then ends itself: meanwhile an entity may be active twice, and
    /// of two writes of one record one is a conflict. For tests and the simulator: nothing in this process mistakes a silo for dead.</summary>
    /// <exception cref="FindingsException"><c>not-found</c>.</exception>
    public void SuspectSilo(string id)
    {
        var silo = Find(id);
        if (Membership.Remove(silo)) Tell("was declared dead", silo);
    }

    public ValueTask<CallReply> Call(CallRequest request) => router.Call(request);

    /// <summary>All silos leave at once, in good order; what comes in meanwhile is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing) return;
        closing = true;
        Membership.DisplaceAll();
        var leaving = Members.Select(silo => Leave(silo)).ToArray();
        foreach (var one in leaving) await one;
        foreach (var suspect in Membership.DeclaredDead) await suspect.Kill();
        Membership.Dispose();
        Instruments.Dispose();
    }

    internal void Tell(OpsEvent happened) => events.Tell(happened);

    EmbeddedSilo Find(string id) => Membership.Newest.Find(id)
        ?? throw new FindingsException(ErrorCodes.NotFound, $"There is no silo {id}.", $"Live silos: {string.Join(", ", Membership.Newest.Ids)}.");

    async Task Leave(EmbeddedSilo silo, CancellationToken cancellation = default)
    {
        Membership.Displace(silo);
        using var late = new CancellationTokenSource(Options.StopTimeout, Ports.Time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        await silo.Stop(patience.Token);
        if (Membership.Remove(silo)) Tell("left", silo);
    }

    void Tell(string what, EmbeddedSilo silo, long? epoch = null) => Tell(new OpsEvent("silo", Ports.Time.GetUtcNow(), $"{silo.Id} {what}") { Silo = silo.Id, Epoch = epoch });
}
