using Evergrain.Contracts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Faults;

/// <summary>What befalls whole silos: they die, stop, are lost sight of, come and go. One that went is replaced after a while.</summary>
internal sealed class SiloFaults(SimulatedWorld world)
{
    const int MostSilos = 5;
    static readonly TimeSpan Detection = TimeSpan.FromMilliseconds(300);

    int lastName;

    /// <summary>A silo that joins is tried to be there until it is.</summary>
    public async Task Start(string id)
    {
        try
        {
            await world.Cluster.AddSilo(id, default);
            world.See(new SiloMoved(id, Serves: true));
        }
        catch (FindingsException)
        {
            // It was killed while it joined: whoever did that starts another.
            world.See(new SiloMoved(id, Serves: false));
        }
    }

    public string NewName() => $"s{lastName++}";

    /// <summary>One of those that live and are not paused.</summary>
    public SiloProcess? Pick(int number)
    {
        var living = Living().ToList();
        return living.Count == 0 ? null : living[number % living.Count];
    }

    public async Task Do(PlannedFault fault)
    {
        var picked = fault.Kind is FaultKind.CrashVersionGrain ? Living().FirstOrDefault(silo => silo.Id == Home()) : Pick(fault.Silo);
        if (picked is not { } silo) return;
        switch (fault.Kind)
        {
            case FaultKind.CrashSilo or FaultKind.CrashVersionGrain:
                Took(fault, silo.Id);
                await Crash(silo);
                await Replace(silo.Id, fault);
                break;
            case FaultKind.CrashAll:
                Took(fault, "all");
                var all = Living().ToList();
                foreach (var one in all) await Crash(one);
                foreach (var one in all) await Replace(one.Id, fault);
                break;
            case FaultKind.KillSilo:
                Took(fault, silo.Id);
                await world.Cluster.KillSilo(silo.Id);
                await Replace(silo.Id, fault);
                break;
            case FaultKind.PauseSilo:
                Took(fault, silo.Id);
                silo.Process.Pause();
                await world.Outside.LaterStepAfter(fault.Lasts);
                silo.Process.Resume();
                break;
            case FaultKind.SuspectSilo:
                Took(fault, silo.Id);
                _ = world.Cluster.KillSilo(silo.Id);
                await Replace(silo.Id, fault);
                break;
            case FaultKind.ClockSkew:
                Took(fault, silo.Id);
                silo.Time.Skew = (fault.Number % 2 == 0 ? 1 : -1) * fault.Amount;
                break;
            case FaultKind.Join when Living().Count() < MostSilos:
                Took(fault, "join");
                await Start(NewName());
                break;
            case FaultKind.Leave when Living().Count() > 1:
                Took(fault, silo.Id);
                await world.Cluster.StopSilo(silo.Id, default);
                await Replace(silo.Id, fault);
                break;
        }
    }

    /// <summary>Whoever is paused goes on, clocks are right again, and at least so many silos live.</summary>
    public async Task Heal(int silos)
    {
        foreach (var silo in world.Silos)
        {
            if (silo.Process.IsPaused) silo.Process.Resume();
            silo.Time.Skew = TimeSpan.Zero;
            silo.Loader.LetGo();
        }
        while (world.Cluster.Members.Count < silos) await Start(NewName());
    }

    async Task Crash(SiloProcess silo)
    {
        silo.Process.Kill();
        await world.Outside.LaterStepAfter(Detection);
        if (world.Cluster.Members.Any(member => ReferenceEquals(member.Ports.Executor, silo.Process))) _ = world.Cluster.KillSilo(silo.Id);
    }

    async Task Replace(string id, PlannedFault fault)
    {
        await world.Outside.LaterStepAfter(fault.Lasts);
        if (world.Cluster.Members.All(member => member.Id != id)) await Start(fault.Number % 2 == 0 ? id : NewName());
    }

    string? Home() => world.Cluster.Membership.Newest.Home?.Id;
    IEnumerable<SiloProcess> Living() => world.Silos.Where(silo => !silo.Process.IsDead && !silo.Process.IsPaused && world.Cluster.Members.Any(member => ReferenceEquals(member.Ports.Executor, silo.Process)));
    void Took(PlannedFault fault, string what) => world.See(new FaultTook(fault.Kind, what));
}
