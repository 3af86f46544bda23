using Evergrain.Simulator.Plans;

namespace Evergrain.Simulator.Runs;

/// <summary>Leaves out of a plan what it fails without: faults first, then rollouts, then calls. Pure but for the question whether a plan fails.</summary>
/// <param name="fails">Whether a plan fails as the whole one did.</param>
/// <param name="mostRuns">How often it asks at most.</param>
internal sealed class Shrinker(Func<Plan, bool> fails, int mostRuns)
{
    int runs;

    /// <summary>So often it has asked.</summary>
    public int Runs => runs;

    /// <summary>The smallest that it finds; the plan itself when even the whole of it, played without what whole runs add, does not fail.</summary>
    public Plan Shrink(Plan plan)
    {
        var smallest = plan with { IsWhole = false };
        if (!Fails(smallest)) return plan;
        smallest = Least(smallest, plan.Faults, static (plan, faults) => plan with { Faults = faults });
        smallest = Least(smallest, plan.Rollouts, static (plan, rollouts) => plan with { Rollouts = rollouts });
        return Least(smallest, plan.Calls, static (plan, calls) => plan with { Calls = calls });
    }

    // Tries without all, without halves, without quarters, … , as long as something can be left out (Zeller's ddmin, of complements).
    Plan Least<T>(Plan plan, IReadOnlyList<T> parts, Func<Plan, IReadOnlyList<T>, Plan> with)
    {
        var kept = parts.ToList();
        for (var size = kept.Count; size > 0 && runs < mostRuns; size /= 2)
            for (var from = 0; from < kept.Count && runs < mostRuns;)
            {
                List<T> without = [.. kept.Take(from), .. kept.Skip(from + size)];
                if (Fails(with(plan, without))) kept = without;
                else from += size;
            }
        return with(plan, kept);
    }

    bool Fails(Plan plan) => runs++ < mostRuns && fails(plan);
}
