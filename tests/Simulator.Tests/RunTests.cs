using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Runs;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Tests;

public class RunTests
{
    [Fact]
    public void The_same_seed_is_the_same_history_whoever_listens()
    {
        var (one, again) = (Run.Play(Planner.Make(3)), Run.Play(Planner.Make(3), new Timeline()));
        Assert.Equal(one.Trace, again.Trace);
        Assert.Equal(one.Steps, again.Steps);
        Assert.NotEqual(one.Trace, Run.Play(Planner.Make(4)).Trace);
    }

    [Fact]
    public void The_hash_of_many_does_not_depend_on_how_many_run_beside_each_other()
    {
        var (alone, beside) = (new Search(1, default), new Search(4, default));
        alone.Play(7, 8);
        beside.Play(7, 8);
        Assert.Equal(alone.Hash, beside.Hash);
        Assert.Equal(8, beside.Count);
    }

    [Fact]
    public void A_search_that_is_told_to_stop_plays_no_more()
    {
        var search = new Search(2, new CancellationToken(canceled: true));
        search.Play(7, 1000);
        Assert.Equal(0, search.Count);
    }

    [Fact]
    public void A_run_that_is_too_small_is_a_failure_of_the_simulator()
    {
        var plan = Planner.Make(3);
        var result = Run.Play(plan with { Calls = [.. plan.Calls.Take(RunSize.LeastCalls / 2)] });
        Assert.Equal(Verdict.Crashed, result.Verdict);
        Assert.Contains($" calls of {RunSize.LeastCalls}", result.Crash, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_faults_never_come_gets_others()
    {
        var result = Run.Play(Planner.Make(3) with { Faults = [] });
        Assert.True(result.Size.Faults >= RunSize.LeastFaults);
        Assert.Null(result.Size.Missing());
    }

    [Fact]
    public void Faults_strike_in_the_phase_that_they_wait_for()
    {
        var plan = Planner.Make(3);
        var fault = plan.Faults[0] with { Kind = FaultKind.CrashSilo, Phase = Contracts.Ops.RolloutPhase.Requested, Skip = 0, After = default, Steps = 0 };
        var result = Run.Play(plan with { Faults = [fault] });
        Assert.Contains(new Hit(Contracts.Ops.RolloutPhase.Requested, FaultKind.CrashSilo), result.Hits);
    }

    [Fact]
    public void A_timeline_shows_the_faults_and_the_last_moments_on_few_lines()
    {
        var timeline = new Timeline();
        var result = Run.Play(Planner.Make(3), timeline);
        var output = new StringWriter();
        timeline.Write(result, output);
        var lines = output.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains("FAULT", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("writes the cluster record", StringComparison.Ordinal));
        Assert.True(lines.Count(line => !line.Contains(" more", StringComparison.Ordinal)) <= 122, $"{lines.Length} lines");
    }

    [Fact]
    public void What_is_hit_is_counted_by_fault_and_phase()
    {
        var coverage = new Coverage();
        coverage.Add([new Hit(null, FaultKind.Leave), new Hit(Contracts.Ops.RolloutPhase.Prepared, FaultKind.Join)]);
        coverage.Add([new Hit(null, FaultKind.Leave)]);
        Assert.Equal(2, coverage[null, FaultKind.Leave]);
        Assert.Equal(1, coverage[Contracts.Ops.RolloutPhase.Prepared, FaultKind.Join]);
        Assert.Contains("| Leave | 2 | 0 |", coverage.Table(), StringComparison.Ordinal);
        Assert.DoesNotContain(coverage.Seldom, seldom => seldom.Hits > 0);
    }

    [Fact]
    public void Most_pairs_of_fault_and_phase_come_about_in_few_runs()
    {
        var pairs = Enum.GetValues<FaultKind>().Length * 6;
        var search = new Search(Environment.ProcessorCount, default);
        search.Play(5, 60);
        var hit = from kind in Enum.GetValues<FaultKind>()
                  from phase in new Contracts.Ops.RolloutPhase?[] { null, Contracts.Ops.RolloutPhase.Requested, Contracts.Ops.RolloutPhase.Preparing, Contracts.Ops.RolloutPhase.Prepared, Contracts.Ops.RolloutPhase.Draining, Contracts.Ops.RolloutPhase.Aborting }
                  where search.Coverage[phase, kind] > 0 select (kind, phase);
        Assert.True(hit.Count() > pairs / 2, $"{hit.Count()} of {pairs}");
    }
}
