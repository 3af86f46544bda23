using Evergrain.Contracts.Ops;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Runs;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Tests;

public class PlanTests
{
    const int Seeds = 500;

    static IEnumerable<Plan> Plans => Enumerable.Range(0, Seeds).Select(Planner.Make);

    [Fact]
    public void Each_plan_holds_what_a_run_has_to()
    {
        foreach (var plan in Plans)
        {
            Assert.True(plan.IsWhole);
            Assert.True(plan.Silos >= RunSize.LeastSilos);
            Assert.True(plan.Calls.Count >= RunSize.LeastCalls);
            Assert.True(plan.Calls.Select(call => call.Entity).Distinct().Count() >= RunSize.LeastEntities);
            Assert.True(plan.Rollouts.Count(rollout => !rollout.DryRun) >= RunSize.LeastRollouts);
            Assert.Contains(plan.Rollouts, rollout => !rollout.DryRun && rollout.Modules.Any(module => GameVersions.Schema(module) == 2));
            Assert.True(plan.Faults.Select(fault => fault.Kind).Distinct().Count() > RunSize.LeastFaults);
        }
    }

    [Fact]
    public void Every_fault_is_planned_for_every_phase()
    {
        var planned = Plans.SelectMany(plan => plan.Faults)
            .Select(fault => (fault.Kind, fault.Phase is RolloutPhase.Permanent or RolloutPhase.Aborted ? null : fault.Phase)).ToHashSet();
        RolloutPhase?[] phases = [null, RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Aborting];
        Assert.Empty(from kind in Enum.GetValues<FaultKind>() from phase in phases where !planned.Contains((kind, phase)) select $"{kind} in {phase}");
    }

    [Fact]
    public void A_plan_is_the_same_each_time()
    {
        var (one, other) = (Planner.Make(5), Planner.Make(5));
        Assert.Equal(one.Calls, other.Calls);
        Assert.Equal(one.Faults, other.Faults);
        Assert.NotEqual(one.Faults, Planner.Make(6).Faults);
    }

    [Fact]
    public void What_is_cut_keeps_its_numbers()
    {
        var cut = new PlanCut("1,3", "none", "7,10-12").Of(Planner.Make(5));
        Assert.Equal([1, 3], cut.Faults.Select(fault => fault.Number));
        Assert.Empty(cut.Rollouts);
        Assert.Equal([7, 10, 11, 12], cut.Calls.Select(call => call.Number));
        Assert.False(cut.IsWhole);
        Assert.Equal(" --faults 1,3 --rollouts none --calls 7,10-12", PlanCut.Options(cut));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    [InlineData("all")]
    public void A_list_that_cannot_be_read_is_said_to_be(string list) => Assert.Throws<FormatException>(() => PlanCut.Parse(list));
}
