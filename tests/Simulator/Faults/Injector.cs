using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Workload;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Faults;

/// <summary>Brings the planned faults about, each at its moment.</summary>
internal sealed class Injector(SimulatedWorld world, SiloFaults silos, Operator ops)
{
    readonly List<Waiting> waiting = [];
    RolloutPhase? lastPhase;
    bool ended;

    /// <summary>From now on the moments count.</summary>
    public void Begin(IReadOnlyList<PlannedFault> faults)
    {
        waiting.AddRange(faults.Where(fault => fault.Phase is not null).Select(fault => new Waiting(fault)));
        foreach (var fault in faults.Where(fault => fault.Phase is null)) world.Outside.Post(() => _ = Strike(fault));
    }

    /// <summary>What has not come yet does not come any more.</summary>
    public void End()
    {
        ended = true;
        waiting.Clear();
    }

    /// <summary>Looks, between two steps, whether a phase was entered.</summary>
    public void Look()
    {
        var phase = world.Record.Record.Rollout?.Phase;
        if (phase == lastPhase) return;
        lastPhase = phase;
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            if (waiting[i].Fault.Phase != phase) continue;
            var fault = waiting[i].Fault;
            waiting.RemoveAt(i);
            world.Outside.Post(() => _ = Strike(fault));
        }
    }

    async Task Strike(PlannedFault fault)
    {
        if (fault.After > TimeSpan.Zero) await world.Outside.LaterStepAfter(fault.After);
        for (var step = 0; step < fault.Steps; step++) await world.Outside.LaterStep();
        if (!ended) await Do(fault);
    }

    async Task Do(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.CrashSilo or FaultKind.CrashVersionGrain or FaultKind.KillSilo or FaultKind.CrashAll or FaultKind.PauseSilo
                or FaultKind.SuspectSilo or FaultKind.ClockSkew or FaultKind.Join or FaultKind.Leave:
                await silos.Do(fault);
                break;
            case FaultKind.OperatorAborts:
                if (world.Record.Record.Rollout is { } running) Took(fault, await ops.Abort(running.Id));
                break;
            case FaultKind.OperatorUndoes:
                Took(fault, await ops.Undo());
                break;
            case FaultKind.OperatorStarts:
                Took(fault, await ops.RollOut([new("room", "1.1.0"), new("tuning", "3.0.0")]));
                break;
            default:
                world.Weather.Begin(fault.Kind, fault.Silo % 2 == 0 ? null : silos.Pick(fault.Silo)?.Id, fault.Probability, fault.Lasts, fault.Amount);
                break;
        }
    }

    void Took(PlannedFault fault, bool accepted)
    {
        if (accepted) world.See(new FaultTook(fault.Kind, "accepted"));
    }

    readonly record struct Waiting(PlannedFault Fault);
}
