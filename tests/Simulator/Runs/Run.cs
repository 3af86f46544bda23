using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Checks;
using Evergrain.Simulator.Faults;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Workload;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Runs;

/// <summary>Plays one plan to its end on the calling thread: a cluster starts, players play, versions roll, things go wrong, faults end,
/// and the cluster settles.</summary>
internal sealed class Run
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan LongestPlay = TimeSpan.FromMinutes(10);
    static readonly TimeSpan LastRollout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(1);

    const int PassingListeners = 2;

    readonly Plan plan;
    readonly IRunLog? log;
    readonly List<Observation> untilBackup = [];
    readonly SortedDictionary<int, Player> players = [];
    Promises promises;
    Backup? backup;
    readonly List<Breach> breaches = [];
    readonly HashSet<Hit> hits = [];
    readonly RunSize size = new();
    readonly SimulatedWorld world;
    readonly SiloFaults silos;
    readonly Operator ops;
    readonly Injector injector;
    readonly Stage stage;
    readonly Settling settling;
    TimeSpan began;
    bool playing;

    Run(Plan plan, IRunLog? log)
    {
        (this.plan, this.log, promises) = (plan, log, new Promises(plan.Rehearses));
        world = new SimulatedWorld(plan.Seed, plan.Rehearses, See, log is null ? null : (from, to, what, fate) => log.Sent(world!.Clock.Elapsed, from, to, what, fate));
        (silos, ops, stage, settling) = (new SiloFaults(world), new Operator(world), new Stage(world), new Settling(world));
        injector = new Injector(world, silos, ops, (kind, phase) => hits.Add(new Hit(phase, kind)), () => backup ??= world.BackUp());
    }

    /// <param name="log">Hears all of it; a run that nobody listens to is faster, and the same.</param>
    public static RunResult Play(Plan plan, IRunLog? log = null)
    {
        var outer = SynchronizationContext.Current;
        var run = new Run(plan, log);
        try
        {
            Witness.Attach(run.world);
            return run.Play();
        }
        catch (Exception crash)
        {
            return run.Result(converged: false, crash.ToString(), isWhole: false);
        }
        finally
        {
            Witness.Attach(null);
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    RunResult Play()
    {
        new Opening(world, silos, ops, stage).Play(plan);
        Perform();
        Recover();
        if (plan.IsWhole) new Encore(world, ops, stage).Play(size);
        playing = false;
        var converged = Settle() && (backup is null || LiveAgain(backup));
        return Result(converged, plan.IsWhole ? size.Missing() : null, isWhole: true) with { Unsettled = converged ? null : settling.Missing() };
    }

    bool Settle()
    {
        var converged = stage.Until(settling.IsDone, Patience, glance: Glance);
        world.Pass(Afterwards);
        // Another silo may have come meanwhile: the last of those that replace one which fell.
        converged = converged && stage.Until(settling.IsDone, Patience, glance: Glance);
        promises.AtEnd(Outcome(converged));
        return converged;
    }

    // What was promised before the backup holds still; what came after it never was.
    bool LiveAgain(Backup from)
    {
        var life = new SecondLife(world, silos, stage);
        life.End();
        breaches.AddRange(promises.Breaches);
        promises = new Promises(plan.Rehearses);
        foreach (var observation in untilBackup) promises.See(observation);
        foreach (var silo in promises.Members.ToList()) promises.See(new MemberMoved(silo.Silo, silo.Life, silo.Instance, Joins: false) { At = world.Clock.Elapsed });
        hits.Add(new Hit(from.Cluster.Rollout is { Ended: false } running ? running.Phase : null, FaultKind.Restore));
        world.See(new FaultTook(FaultKind.Restore, $"epoch {from.Cluster.Epoch}"));
        world.See(new FaultsEnded());
        life.Play(plan, from, players);
        return Settle();
    }

    void Perform()
    {
        (began, playing, size.Silos) = (world.Clock.Elapsed, true, world.Cluster.Members.Count);
        var work = new List<Task>();
        foreach (var calls in plan.Calls.GroupBy(call => call.Player).OrderBy(calls => calls.Key))
        {
            var player = players[calls.Key] = new Player($"player{calls.Key}", world);
            work.Add(stage.Begin(() => player.Play(calls)));
        }
        work.Add(stage.Begin(RollOut));
        work.AddRange(Enumerable.Range(0, PassingListeners).Select(number => stage.Begin(new PassingListener($"listener{number}", world).Play)));
        world.Between = injector.Look;
        world.Outside.Post(() => injector.Begin(plan));
        stage.Until(() => Stage.AreDone(work), LongestPlay);
        stage.Until(() => world.Record.Record.Rollout is not { Ended: false }, LastRollout);
        if (!plan.IsWhole) return;
        foreach (var fault in Lacking())
        {
            // Those that fell come back one after another.
            stage.Until(() => silos.Pick(0) is not null, LastRollout);
            stage.Do(() => silos.Do(fault));
        }
    }

    // The faults end; whoever was to come back comes back.
    void Recover()
    {
        world.Between = null;
        injector.End();
        world.Weather.Clear();
        world.See(new FaultsEnded());
        silos.LetGo();
        stage.Until(() => injector.IsDone, Patience);
        stage.Do(() => silos.Heal(plan.Silos));
    }

    // One after another: what asks at bad moments are faults.
    async Task RollOut()
    {
        const int attempts = 10;
        foreach (var rollout in plan.Rollouts)
        {
            if (world.Clock.Elapsed - began is var elapsed && rollout.At > elapsed) await world.Outside.LaterStepAfter(rollout.At - elapsed);
            for (var attempt = 0; attempt < attempts; attempt++)
            {
                for (var look = 0; look < LastRollout / BetweenLooks && world.Record.Record.Rollout is { Ended: false }; look++) await world.Outside.LaterStepAfter(BetweenLooks);
                if (await ops.RollOut(rollout.Modules, rollout.DryRun) is null or ErrorCodes.NothingToDo) break;
                await world.Outside.LaterStepAfter(TimeSpan.FromSeconds(1));
            }
        }
    }

    // Some that take effect whenever they come.
    IEnumerable<PlannedFault> Lacking() => new[] { FaultKind.KillSilo, FaultKind.PauseSilo, FaultKind.CrashSilo }.Where(kind => !size.FaultKinds.Contains(kind))
        .TakeWhile(_ => size.Faults < RunSize.LeastFaults).Select((kind, number) => new PlannedFault(number, kind, number, null, 0, default, 0, TimeSpan.FromMilliseconds(500), 1, default));

    Outcome Outcome(bool converged) => new(world.Clock.Elapsed, world.Record.Record, world.Record.History, [.. world.Entities.Records], world.Entities.WakeUps,
        world.Cluster.Members.SelectMany(silo => silo.Entities.Activations).Select(active => active.Id).ToHashSet(), [.. world.Cluster.Members.Select(silo => new SiloStatus(silo.Id, silo.Entities.Epoch, silo.Entities.Count, silo.Modules.Report()))], converged);

    void See(Observation observation)
    {
        if (observation is FaultTook fault && !IsCountedApart(fault.Kind)) hits.Add(new Hit(world.Record.Record.Rollout is { Ended: false } running ? running.Phase : null, fault.Kind));
        if (observation is EntityStored written) injector.Wrote(written.By);
        if (playing) size.See(observation);
        promises.See(observation);
        if (backup is null && plan.CallsAfterRestore.Count > 0) untilBackup.Add(observation);
        log?.Saw(observation);
    }

    // The injector says when operators asked: the answer comes later. What is restored is of the moment of the backup.
    static bool IsCountedApart(FaultKind kind) => kind is FaultKind.Restore or FaultKind.OperatorAborts or FaultKind.OperatorStarts or FaultKind.OperatorUndoes;

    RunResult Result(bool converged, string? crash, bool isWhole) =>
        new(plan.Seed, world.Trace, [.. breaches, .. promises.Breaches], converged, world.Schedule.Count, world.Clock.Elapsed, hits, size, crash, isWhole);
}
