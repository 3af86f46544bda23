using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Entities;
using Evergrain.Core.Rollouts;
using Evergrain.Runtime;
using Microsoft.Extensions.Logging;

namespace Evergrain.Embedded;

/// <summary>Several silos in one process, over stores that outlive them. It never spans machines: that is Orleans' business. Safe from any
/// thread.</summary>
public sealed class EmbeddedCluster : IEntityCaller, ISiloHints, IAsyncDisposable
{
    // Between two looks for the silo that serves an entity whose silo just joined, left or died, or is behind its caller.
    static readonly TimeSpan FirstReroute = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LongestReroute = TimeSpan.FromMilliseconds(160);

    readonly OpsEventHub events = new();
    volatile bool closing;

    public EmbeddedCluster(EmbeddedClusterPorts ports, EmbeddedClusterOptions options)
    {
        (Ports, Options) = (ports, options);
        Instruments = new EntityInstruments(ports.Time);
        Intake = new PackageIntake(ports.Packages, options.Modules.Limits, options.Modules.Signatures);
        Subscriptions = new SubscriptionHub(ports.Logging.CreateLogger<SubscriptionHub>());
        Ops = new EmbeddedOps(this, events);
    }

    public IEventSource Events => Subscriptions;
    public IClusterOps Ops { get; }

    /// <summary>The silos that live, joining and leaving ones included.</summary>
    public IReadOnlyList<EmbeddedSilo> Members => Membership.Members;

    internal EmbeddedClusterPorts Ports { get; }
    internal EmbeddedClusterOptions Options { get; }
    internal EntityInstruments Instruments { get; }
    internal PackageIntake Intake { get; }
    internal SubscriptionHub Subscriptions { get; }
    internal Membership Membership { get; } = new();
    internal Placement Placement => Membership.Placement;

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
    public Task KillSilo(string id)
    {
        var silo = Find(id);
        var ending = silo.Kill();
        if (Membership.Remove(silo)) Tell("was killed", silo);
        return ending;
    }

    public ValueTask<CallReply> Call(CallRequest request) => Call(null, request);

    public void Hint(string silo)
    {
        if (Membership.Find(silo) is { } found) Ports.Network.Hint(found);
    }

    /// <summary>All silos leave at once, in good order; what comes in meanwhile is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing) return;
        closing = true;
        Membership.DisplaceAll();
        var leaving = Members.Select(silo => Leave(silo)).ToArray();
        foreach (var one in leaving) await one;
        Instruments.Dispose();
    }

    internal IReadOnlyCollection<string> LiveSilos() => [.. Members.Select(silo => silo.Id)];
    internal void Tell(OpsEvent happened) => events.Tell(happened);

    internal ValueTask<CallReply> Call(EmbeddedSilo? from, CallRequest request)
    {
        var call = Send(from, request);
        return call.IsCompletedSuccessfully && !MayGoElsewhere(call.Result) ? call : Await(from, request, call);
    }

    // A call that provably did not start is sent to where the entity lives now, until its deadline.
    async ValueTask<CallReply> Await(EmbeddedSilo? from, CallRequest request, ValueTask<CallReply> call)
    {
        var timed = request.Deadline is null ? request with { Deadline = Ports.Time.GetUtcNow() + CallRequest.DefaultDeadline } : request;
        for (var pause = FirstReroute; ; pause = pause * 2 < LongestReroute ? pause * 2 : LongestReroute)
        {
            var reply = await call;
            if (!MayGoElsewhere(reply) || closing || Ports.Time.GetUtcNow() + pause >= timed.Deadline || from is { IsDead: true }) return reply;
            await Task.Delay(pause, Ports.Time);
            call = Send(from, timed);
        }
    }

    ValueTask<CallReply> Send(EmbeddedSilo? from, CallRequest request) =>
        Placement.Owner(request.Entity) is { } owner ? Ports.Network.Call(from, owner, request) : new(NoSilo());

    static bool MayGoElsewhere(CallReply reply) => reply.Error is { Ran: Ran.No, Code: ErrorCodes.SiloNotReady or ErrorCodes.SiloLost };

    static CallReply NoSilo() => CallReply.Failed(new CallError(ErrorCodes.SiloNotReady, Ran.No, "No silo serves.", "Try again once a silo has joined.") { RetryAfterMs = 500 });

    EmbeddedSilo Find(string id) => Membership.Find(id)
        ?? throw new FindingsException(ErrorCodes.NotFound, $"There is no silo {id}.", $"Live silos: {string.Join(", ", LiveSilos())}.");

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
