namespace Evergrain.Simulator.Planted.Tests;

/// <summary>The catalogue proves something only if it is large, spread over all promises, and each is caught for what it is.</summary>
public class CatalogueIsWhole
{
    const int LeastBugs = 40;
    const int LeastPerPromise = 2;

    static readonly string[] promises = [.. Enumerable.Range(1, 11).Select(number => $"P{number}")];

    [Fact]
    public void Every_bug_is_caught()
    {
        Assert.Equal(Catalogue.Bugs.Select(bug => bug.Name), Catalogue.CaughtBy.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void There_are_at_least_forty_bugs_and_two_are_caught_for_each_promise()
    {
        Assert.True(Catalogue.Bugs.Count >= LeastBugs);
        foreach (var promise in promises) Assert.True(Catalogue.CaughtBy.Values.Count(caught => caught == promise) >= LeastPerPromise, $"Fewer than {LeastPerPromise} bugs are caught that break {promise}.");
    }

    [Fact]
    public void Every_stored_run_breaks_a_promise_that_its_bug_is_there_to_break()
    {
        foreach (var (name, promise) in Catalogue.CaughtBy) Assert.Contains(promise, Catalogue.Bugs.Single(bug => bug.Name == name).Promises);
    }

    [Fact]
    public void Every_bug_says_what_is_wrong_and_names_promises_that_there_are()
    {
        foreach (var bug in Catalogue.Bugs)
        {
            Assert.EndsWith(".", bug.Why, StringComparison.Ordinal);
            Assert.Subset(promises.ToHashSet(), bug.Promises.ToHashSet());
        }
        Assert.Equal(Catalogue.Bugs.Count, Catalogue.Bugs.Select(bug => bug.Why).Distinct().Count());
    }
}
