using Evergrain.Simulator.Plans;
using Evergrain.Simulator.Runs;

namespace Evergrain.Simulator.Tests;

public class ShrinkerTests
{
    static readonly Plan Whole = Planner.Make(11);

    [Fact]
    public void Only_what_it_fails_by_stays()
    {
        var (fault, rollout) = (Whole.Faults[2].Number, Whole.Rollouts[1].Number);
        var shrunk = new Shrinker(plan => plan.Faults.Any(one => one.Number == fault) && plan.Rollouts.Any(one => one.Number == rollout)
            && plan.Calls.Any(one => one.Number == 40) && plan.Calls.Any(one => one.Number == 173), 1000).Shrink(Whole);
        Assert.Equal([fault], shrunk.Faults.Select(one => one.Number));
        Assert.Equal([rollout], shrunk.Rollouts.Select(one => one.Number));
        Assert.Equal([40, 173], shrunk.Calls.Select(one => one.Number));
    }

    [Fact]
    public void It_stops_when_it_has_asked_often_enough()
    {
        var asked = 0;
        var shrinker = new Shrinker(plan => ++asked > 0 && plan.Calls.Any(one => one.Number == 40), 12);
        var shrunk = shrinker.Shrink(Whole);
        Assert.Equal(12, asked);
        Assert.Contains(shrunk.Calls, one => one.Number == 40);
    }

    [Fact]
    public void What_fails_only_as_a_whole_stays_whole() => Assert.Same(Whole, new Shrinker(plan => plan.IsWhole, 100).Shrink(Whole));
}
