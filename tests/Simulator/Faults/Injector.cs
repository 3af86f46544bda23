using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;
using Evergrain.Simulator.Workload;

namespace Evergrain.Simulator.Faults;

/// <summary>Brings the planned faults about, each at its moment.</summary>
internal sealed class Injector(SimulatedWorld world, SiloFaults silos, Operator ops, Action<FaultKind, RolloutPhase?> asked, Action backUp)
{
    readonly Occasions occasions = new(world, silos);
    readonly List<(PlannedFault Fault, int Skip)> waiting = [];
    readonly List<PlannedFault> waitingForWrite = [];
    readonly List<Task> striking = [];
    string? writer;
    (string Id, RolloutPhase Phase)? last;
    ClusterRecord? looked;
    bool ended;

    /// <summary>Whether none that struck is at work still.</summary>
    /// <exception cref="AggregateException">A mistake of the simulator's own.</exception>
    public bool IsDone
    {
        get
        {
            if (striking.Find(strike => strike.IsFaulted) is { } failed) throw failed.Exception!;
            return striking.TrueForAll(strike => strike.IsCompleted);
        }
    }

    /// <summary>From now on the moments count.</summary>
    public void Begin(Plan plan)
    {
        last = Moment();
        foreach (var (phase, by) in plan.Lingers) world.Weather.Linger(phase, by);
        world.Weather.Busy(plan.BusyThreads);
        foreach (var fault in plan.Faults)
            if (fault.Phase is null) Begin(fault);
            else waiting.Add((fault, fault.Skip));
    }

    /// <summary>What has not come yet does not come any more.</summary>
    public void End()
    {
        ended = true;
        waiting.Clear();
        waitingForWrite.Clear();
    }

    /// <summary>An entity was written.</summary>
    public void Wrote(string silo) => writer = silo;

    /// <summary>Looks, between two steps, whether a moment has come: the record was written with another phase, or an entity was written.</summary>
    public void Look()
    {
        if (writer is { } silo)
        {
            writer = null;
            if (waitingForWrite.Count > 0) StrikeWriter(silo);
        }
        if (ReferenceEquals(world.Record.Record, looked)) return;
        looked = world.Record.Record;
        var now = Moment();
        if (now == last) return;
        last = now;
        for (var i = waiting.Count - 1; i >= 0; i--)
        {
            var (fault, skip) = waiting[i];
            if (fault.Phase != now?.Phase) continue;
            if (skip > 0) waiting[i] = (fault, skip - 1);
            else
            {
                waiting.RemoveAt(i);
                Begin(fault);
            }
        }
    }

    (string Id, RolloutPhase Phase)? Moment() => world.Record.Record.Rollout is { } rollout ? (rollout.Id, rollout.Phase) : null;

    void StrikeWriter(string silo)
    {
        foreach (var fault in waitingForWrite.Where(_ => silos.Find(silo) is not null).ToList())
        {
            waitingForWrite.Remove(fault);
            Begin(() => silos.Do(fault, target: silo));
        }
    }

    void Begin(PlannedFault fault) => Begin(() => Strike(fault));

    // At once, before any other step: what it awaits goes on as steps of the world outside.
    void Begin(Func<Task> strike)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(world.Outside);
        try
        {
            striking.Add(strike());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    async Task Strike(PlannedFault fault)
    {
        if (fault.After > TimeSpan.Zero) await world.Outside.LaterStepAfter(fault.After);
        for (var step = 0; step < fault.Steps && !ended; step++) await world.Outside.LaterStep();
        if (ended) return;
        if (fault.AtWrite) waitingForWrite.Add(fault);
        else await Do(fault);
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
                if (world.Record.Record.Rollout is { } running) await Ask(fault.Kind, ops.Abort(running.Id));
                break;
            case FaultKind.OperatorUndoes:
                await Ask(fault.Kind, ops.Undo());
                break;
            case FaultKind.OperatorStarts:
                await Ask(fault.Kind, ops.RollOut([new("room", "1.1.0"), new("tuning", "3.0.0")]));
                break;
            case FaultKind.Restore:
                backUp();
                break;
            case FaultKind.StateSticks:
                await occasions.Stick(fault);
                break;
            default:
                var silo = fault.Silo % 2 == 0 || Occasions.AreEverywhere(fault.Kind) ? null : silos.Pick(fault.Silo)?.Id;
                world.Weather.Begin(fault.Kind, silo, fault.Probability, fault.Lasts, fault.Amount);
                // A machine that is cut off reaches its stores as little as its neighbours.
                if (fault.Kind is FaultKind.Partition && silo is not null && fault.Silo % 4 == 1) world.Weather.Begin(FaultKind.StoreRequestLost, silo, fault.Probability, fault.Lasts);
                await occasions.Bring(fault);
                break;
        }
    }

    // The moment is when it is asked. A refusal for the rollout's sake is an answer to a bad moment; a door that cannot be reached is none.
    async Task Ask(FaultKind kind, Task<string?> asking)
    {
        var phase = world.Record.Record.Rollout is { Ended: false } running ? running.Phase : (RolloutPhase?)null;
        var refused = await asking;
        if (refused is ErrorCodes.StoreUnavailable or ErrorCodes.StoreConflict or ErrorCodes.SiloNotReady or ErrorCodes.SiloLost or ErrorCodes.Overloaded or ErrorCodes.Deadline) return;
        asked(kind, phase);
        if (refused is null) world.See(new FaultTook(kind, "accepted"));
    }
}
