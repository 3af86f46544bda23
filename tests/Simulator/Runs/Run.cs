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
    const int LeastFaults = 3;
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan Setup = TimeSpan.FromSeconds(60);

    readonly Plan plan;
    readonly Action<Observation>? told;
    readonly List<Checker> checkers = [new AnsweredOnce(), new RunsOnce(), new EpochsNeverFall(), new DurableStateStays(), new Settles()];
    readonly List<(RolloutPhase?, FaultKind)> took = [];
    readonly SimulatedWorld world;
    readonly SiloFaults silos;
    readonly Operator ops;
    readonly Injector injector;

    Run(Plan plan, Action<Observation>? told, Action<string, string, string, string>? sent)
    {
        (this.plan, this.told) = (plan, told);
        world = new SimulatedWorld(plan.Seed, See, sent);
        (silos, ops) = (new SiloFaults(world), new Operator(world));
        injector = new Injector(world, silos, ops);
    }

    /// <param name="told">Hears all that is observed.</param>
    /// <param name="sent">Hears of every message: from, to, what, and what became of it.</param>
    public static RunResult Play(Plan plan, Action<Observation>? told = null, Action<string, string, string, string>? sent = null)
    {
        var outer = SynchronizationContext.Current;
        var run = new Run(plan, told, sent);
        try
        {
            Witness.Attach(run.world);
            return run.Play();
        }
        catch (Exception crash)
        {
            return run.Result(converged: false, crash.ToString());
        }
        finally
        {
            Witness.Attach(null);
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    RunResult Play()
    {
        Begin();
        var playing = Players().Select(player => InOutside(player.Play)).ToList();
        playing.AddRange(plan.Rollouts.Select(rollout => InOutside(() => RollOut(rollout))));
        world.Between = injector.Look;
        world.Outside.Post(() => injector.Begin(plan.Faults));
        world.Until(() => playing.TrueForAll(player => player.IsCompleted), TimeSpan.FromMinutes(10));
        for (var i = 0; took.Count < LeastFaults && i < LeastFaults; i++) Do(() => silos.Do(new PlannedFault(i, FaultKind.KillSilo, i, null, default, 0, TimeSpan.FromMilliseconds(500), 1, default)));
        world.Between = null;
        injector.End();
        world.Weather.Clear();
        Do(() => silos.Heal(plan.Silos));
        var converged = world.Until(IsSettled, Patience);
        world.Pass(TimeSpan.FromSeconds(1));
        var outcome = new Outcome(world.Clock.Elapsed, world.Record.Record, world.Record.History, [.. world.Entities.Records], world.Entities.WakeUps,
            [.. world.Cluster.Members.Select(silo => new SiloStatus(silo.Id, silo.Entities.Epoch, silo.Entities.Count, silo.Modules.Report()))], converged);
        foreach (var checker in checkers) checker.AtEnd(outcome);
        return Result(converged, null);
    }

    // The first release serves everywhere, rooms are open, and everyone has gold.
    void Begin()
    {
        for (var i = 0; i < plan.Silos; i++) Do(() => silos.Start(silos.NewName()));
        Do(() => ops.RollOut(GameVersions.First));
        if (!world.Until(() => world.Record.Record is { Epoch: 1, Rollout.Ended: true }, Setup)) throw new InvalidOperationException("The first rollout did not come to its end.");
        var opening = Enumerable.Range(0, 3).Select(i => new PlannedCall(-1 - i, 0, default, Planner.Room(i), "room.open", Evergrain.ModuleSdk.Nothing.Value, true));
        var filling = Enumerable.Range(0, Planner.Wallets).Select(i => new PlannedCall(-10 - i, 0, default, Planner.Wallet(i), "wallet.credit", new Credit($"start{i}", 20), true));
        Do(() => new Player("host", world, [.. opening, .. filling]).Play());
    }

    IEnumerable<Player> Players() => plan.Calls.GroupBy(call => call.Player).OrderBy(calls => calls.Key).Select(calls => new Player($"player{calls.Key}", world, [.. calls]));

    async Task RollOut(PlannedRollout rollout)
    {
        await world.Outside.LaterStepAfter(rollout.At);
        for (var attempt = 0; attempt < 10 && !await ops.RollOut(rollout.Modules, rollout.DryRun); attempt++) await world.Outside.LaterStepAfter(TimeSpan.FromSeconds(1));
    }

    bool IsSettled() => world.Record.Record is { Rollout.Ended: true } record
        && world.Cluster.Members.All(silo => silo.Entities.Epoch == record.Epoch && silo.Modules.Report().All(slot => slot.State is not (SlotState.Draining or SlotState.Preparing or SlotState.Stuck)))
        && world.Entities.Records.All(entity => entity.Extras.Outbox.Count == 0);

    void Do(Func<Task> work)
    {
        var done = InOutside(work);
        if (!world.Until(() => done.IsCompleted, Setup)) throw new InvalidOperationException("A step of the run did not come to its end.");
        done.GetAwaiter().GetResult();
    }

    Task InOutside(Func<Task> work)
    {
        var done = new TaskCompletionSource<Task>();
        world.Outside.Post(() => done.SetResult(work()));
        return done.Task.Unwrap();
    }

    void See(Observation observation)
    {
        if (observation is FaultTook fault) took.Add((world.Record.Record.Rollout is { Ended: false } running ? running.Phase : null, fault.Kind));
        foreach (var checker in checkers) checker.See(observation);
        told?.Invoke(observation);
    }

    RunResult Result(bool converged, string? crash) =>
        new(plan.Seed, world.Trace, [.. checkers.SelectMany(checker => checker.Breaches)], converged, world.Schedule.Count, world.Clock.Elapsed, took, crash);
}
