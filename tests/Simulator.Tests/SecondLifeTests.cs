using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Runs;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Tests;

public class SecondLifeTests
{
    /// <summary>A backup while nothing rolls yet, then a rollout, then the restore: whoever saw the rollout's epoch hears that it is unknown, and goes on.</summary>
    [Fact]
    public void Players_who_saw_what_came_after_the_backup_hear_so_and_go_on()
    {
        var log = new Heard();
        var plan = PlanWith(FaultKind.Restore);
        var backup = plan.Faults.First(fault => fault.Kind is FaultKind.Restore) with { Phase = null, After = TimeSpan.Zero, Steps = 0 };
        var result = Run.Play(plan with { Faults = [backup] }, log);

        Assert.True(result.Passed, result.Crash ?? string.Join('\n', result.Breaches));
        var restored = log.All.FindIndex(seen => seen is FaultTook { Kind: FaultKind.Restore });
        var (before, after) = (log.All[..restored].OfType<CallEnded>().ToList(), log.All[restored..].OfType<CallEnded>().ToList());
        Assert.True(before.Max(call => call.Reply.Epoch) > 1);
        Assert.Contains(after, call => call.Reply.Error?.Code == ErrorCodes.EpochUnknown);
        Assert.All(plan.CallsAfterRestore, planned => Assert.Contains(after, call => call.Call == planned.Number && call.Reply.Error?.Code is null or ErrorCodes.Rejected or ErrorCodes.ModuleFault or ErrorCodes.CallCycle));
        // Asked once more with its key, what the backup does not know runs anew, and was not stored twice.
        Assert.Contains(after, call => before.Exists(earlier => earlier.Call == call.Call && earlier.Reply.Ok) && call.Reply.Ok);
        Assert.All(log.All[restored..].OfType<RecordStored>(), stored => Assert.Equal(2, stored.After.Incarnation));
    }

    [Fact]
    public void A_state_for_which_a_step_has_no_case_refuses_the_rollout()
    {
        var log = new Heard();
        var plan = PlanWith(FaultKind.StateSticks);
        var sticks = plan.Faults.First(fault => fault.Kind is FaultKind.StateSticks) with { Number = 1, Phase = null, After = TimeSpan.Zero, Steps = 0 };
        var rollout = new PlannedRollout(0, TimeSpan.FromMilliseconds(400), [new ModuleId("wallet", "2.0.0")], DryRun: false);
        Run.Play(plan with { Faults = [sticks], Rollouts = [rollout], IsWhole = false, Rehearses = true }, log);

        Assert.Contains(log.All, seen => seen is FaultTook { Kind: FaultKind.StateSticks });
        var ended = Assert.IsType<RecordStored>(log.All.Last(seen => seen is RecordStored { After.Rollout.Ended: true }));
        Assert.Equal(RolloutPhase.Aborted, ended.After.Rollout!.Phase);
        Assert.Contains(ended.After.Rollout.Findings, finding => finding.Code == "rehearsal/failed" && finding.Message.Contains(StuckStates.Id("s1", up: true), StringComparison.Ordinal));
    }

    static Plan PlanWith(FaultKind kind) => Enumerable.Range(0, 1000).Select(Planner.Make).First(plan => !plan.ColdWallets && plan.Faults.Any(fault => fault.Kind == kind));

    sealed class Heard : IRunLog
    {
        public List<Observation> All { get; } = [];
        public void Saw(Observation observation) => All.Add(observation);
        public void Sent(TimeSpan at, string from, string to, string what, string fate) { }
    }
}
