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
            var joining = world.Cluster.AddSilo(id, default);
            var process = world.Silos[^1].Process;
            // Of a process that has died nobody hears that it could not join.
            var joined = await Task.WhenAny(joining, process.Death) == joining;
            if (joined) await joining;
            world.See(new SiloMoved(id, Serves: joined));
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

    /// <summary>The silo of that name, if it lives and is not paused.</summary>
    public SiloProcess? Find(string id) => Living().FirstOrDefault(silo => silo.Id == id);

    /// <param name="isFault">Whether it counts as a fault that took effect.</param>
    /// <param name="target">The silo that it strikes; null: whichever the plan says.</param>
    public async Task Do(PlannedFault fault, bool isFault = true, string? target = null)
    {
        var picked = fault.Kind is FaultKind.CrashVersionGrain ? Home() is { } home ? Find(home) : null : target is null ? Pick(fault.Silo) : Find(target);
        if (picked is not { } silo || fault.Kind is FaultKind.Leave && Living().Count() < 2) return;
        if (isFault) world.See(new FaultTook(fault.Kind, fault.Kind is FaultKind.CrashAll or FaultKind.Join ? "" : silo.Id));
        switch (fault.Kind)
        {
            case FaultKind.CrashSilo or FaultKind.CrashVersionGrain:
                await Crash(silo);
                await Replace(silo.Id, fault);
                break;
            case FaultKind.CrashAll:
                var all = Living().ToList();
                foreach (var one in all) one.Process.Kill();
                foreach (var one in all) await Crash(one);
                foreach (var one in all) await Replace(one.Id, fault);
                break;
            case FaultKind.KillSilo:
                await Kill(silo);
                await Replace(silo.Id, fault);
                break;
            case FaultKind.PauseSilo:
                Pause(silo);
                await world.Outside.LaterStepAfter(fault.Lasts);
                Resume(silo);
                break;
            case FaultKind.SuspectSilo:
                await Suspect(silo, pauses: fault.Silo / 2 % 2 == 0, fault);
                break;
            case FaultKind.ClockSkew:
                silo.Time.Skew = (fault.Number % 2 == 0 ? 1 : -1) * fault.Amount;
                break;
            case FaultKind.Join:
                // Where there is no room for one more, one makes room.
                if (Living().Count() >= MostSilos) await Kill(silo);
                await Start(NewName());
                break;
            case FaultKind.Leave:
                await world.Cluster.StopSilo(silo.Id, default);
                await Replace(silo.Id, fault);
                break;
        }
    }

    /// <summary>Whatever runs ends at once, also what has left and has not ended yet.</summary>
    public void EndAll()
    {
        foreach (var silo in world.Silos) silo.Process.Kill();
        foreach (var silo in world.Silos) DeclareDead(silo);
    }

    /// <summary>Whoever is paused goes on, clocks are right again, and at least so many silos live.</summary>
    public async Task Heal(int silos)
    {
        foreach (var silo in world.Silos)
        {
            Resume(silo);
            if (silo.Time.Skew == TimeSpan.Zero) continue;
            silo.Time.Skew = TimeSpan.Zero;
            world.See(new ClockRighted(silo.Id));
        }
        while (world.Cluster.Members.Count < silos) await Start(NewName());
    }

    /// <summary>Whatever holds code after it was unloaded lets go of it.</summary>
    public void LetGo()
    {
        foreach (var silo in world.Silos) silo.Loader.LetGo();
    }

    /// <summary>One silo after the other has left and come back: what nobody calls is active nowhere.</summary>
    public async Task Cool(string id)
    {
        await world.Cluster.StopSilo(id, default);
        await Start(id);
    }

    Task Kill(SiloProcess silo)
    {
        world.See(new SiloMoved(silo.Id, Serves: false));
        return world.Cluster.KillSilo(silo.Id);
    }

    async Task Crash(SiloProcess silo)
    {
        silo.Process.Kill();
        await world.Outside.LaterStepAfter(Detection);
        DeclareDead(silo);
    }

    // It stands still, as in a long collection of garbage, or goes on: either way it serves until it hears that it is thought dead.
    async Task Suspect(SiloProcess silo, bool pauses, PlannedFault fault)
    {
        if (pauses) Pause(silo);
        DeclareDead(silo);
        await Replace(silo.Id, fault);
        Resume(silo);
    }

    void Pause(SiloProcess silo)
    {
        silo.Process.Pause();
        world.See(new SiloStands(silo.Id, silo.Process.Number, Still: true));
    }

    void Resume(SiloProcess silo)
    {
        if (!silo.Process.IsPaused) return;
        silo.Process.Resume();
        world.See(new SiloStands(silo.Id, silo.Process.Number, Still: false));
    }

    void DeclareDead(SiloProcess silo)
    {
        if (IsMember(silo)) world.Cluster.SuspectSilo(silo.Id);
    }

    async Task Replace(string id, PlannedFault fault)
    {
        await world.Outside.LaterStepAfter(fault.Lasts);
        if (world.Cluster.Members.All(member => member.Id != id)) await Start(fault.Number % 2 == 0 ? id : NewName());
    }

    string? Home() => world.Cluster.Membership.Newest.Home?.Id;
    IEnumerable<SiloProcess> Living() => world.Silos.Where(silo => !silo.Process.IsDead && !silo.Process.IsPaused && IsMember(silo));
    bool IsMember(SiloProcess silo) => world.Cluster.Members.Any(member => ReferenceEquals(member.Ports.Executor, silo.Process));
}
