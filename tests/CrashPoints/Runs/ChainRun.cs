using System.Diagnostics;
using Evergrain.CrashPoints.Checks;
using Evergrain.CrashPoints.Play;
using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Stores;
using Evergrain.CrashPoints.Victim;

namespace Evergrain.CrashPoints.Runs;

/// <summary>One chain of processes over one store, until something is wrong or it is over.</summary>
internal sealed class ChainRun
{
    // Long enough for a few rollouts on a busy machine.
    static readonly TimeSpan LongestPlay = TimeSpan.FromSeconds(10), StartsWithin = TimeSpan.FromSeconds(60);
    readonly ChainPlan plan;
    readonly Tooth tooth;
    readonly StorePlace place;
    readonly string packages;
    readonly Journal journal = new();
    readonly Tallies tallies;
    readonly List<PointResult> results = [];

    ChainRun(ChainPlan plan, StorePlace place, string packages, IReadOnlyList<Deed> opening, Tooth tooth)
    {
        (this.plan, this.place, this.packages, this.tooth) = (plan, place, packages, tooth);
        foreach (var deed in opening) journal.Begin(deed);
        tallies = new Tallies(journal);
    }

    /// <param name="opening">What was done to the store before.</param>
    /// <returns>A result for each point up to the one that something was wrong after.</returns>
    public static async Task<IReadOnlyList<PointResult>> Play(ChainPlan plan, StorePlace place, string packages, IReadOnlyList<Deed> opening, Tooth tooth)
    {
        var run = new ChainRun(plan, place, packages, opening, tooth);
        foreach (var point in plan.Points)
            if (!await run.Play(point)) return run.results;
        await run.Judge();
        return run.results;
    }

    /// <returns>False when the chain cannot go on.</returns>
    async Task<bool> Play(PointPlan point)
    {
        var watch = Stopwatch.StartNew();
        var before = journal.Deeds.Count;
        var recovery = new Recovery(journal, tallies);
        await using var victim = VictimProcess.Start(new VictimOrder(place.Data, packages, point.Point, tooth));
        var (served, failure) = await Use(victim, async door =>
        {
            if (results.Count > 0) await recovery.Recover(door, rollsOut: false);
            if (!recovery.IsWhole) return;
            await victim.Arm();
            await PlayOn(point, door);
        });
        if (victim.Struck is null && (failure is not null || !recovery.IsWhole)) return Fail(recovery, failure);
        results.Add(new PointResult(point, plan, victim.Struck)
        {
            Calls = journal.Deeds.Count - before, Unanswered = journal.Deeds.Count(deed => deed.End == DeedEnd.Unanswered), Took = watch.Elapsed, NeverServed = !served, Errors = journal.Errors,
        });
        return true;
    }

    // The last process is let live until all is right, and rolls out once more; then the store itself is looked at, without any host.
    async Task Judge()
    {
        var recovery = new Recovery(journal, tallies);
        await using var victim = VictimProcess.Start(new VictimOrder(place.Data, packages, null, Tooth.None));
        var (_, failure) = await Use(victim, door => recovery.Recover(door, rollsOut: true));
        if (failure is null && recovery.IsWhole) await recovery.LookInto(place.Data);
        if (failure is not null || !recovery.IsWhole) Fail(recovery, failure);
    }

    /// <summary>Uses a process as long as it lives.</summary>
    /// <returns>Whether it served, and what went wrong; for whoever uses a host that dies, something always does.</returns>
    async Task<(bool Served, Exception? Failure)> Use(VictimProcess victim, Func<Uri, Task> use)
    {
        var served = false;
        Exception? failure = null;
        try
        {
            if (await victim.Door.WaitAsync(StartsWithin) is { } door)
            {
                served = true;
                await use(door);
            }
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        await victim.Kill();
        tallies.Crashed(victim.Struck);
        return (served, victim.Failure is { } itself ? new InvalidOperationException($"A host failed: {itself}") : failure);
    }

    async Task PlayOn(PointPlan point, Uri door)
    {
        using var enough = new CancellationTokenSource(LongestPlay);
        using var ops = new OpsClient(door);
        await using var players = new Players(door, journal);
        await players.Connect();
        if (journal.Deeds.Count == 0) await players.Begin("o");
        await Task.WhenAll(players.Play(point.Play, $"{point.Number}c", enough.Token), new Operator(ops, journal).Work(enough.Token));
    }

    // What is found after a death is counted against it.
    bool Fail(Recovery recovery, Exception? failure)
    {
        string[] wrong = [.. recovery.Wrong, .. recovery.Unsettled is { } why ? [$"it did not come to rest: {why}"] : Array.Empty<string>(), .. failure is null ? [] : new[] { $"{failure.GetType().Name}: {failure.Message}" }];
        var verdict = recovery.Wrong.Count > 0 ? Verdict.Broken : recovery.Unsettled is not null ? Verdict.Unsettled : Verdict.Crashed;
        var last = results.Count > 0 ? results[^1] : new PointResult(plan.Points[0], plan, null);
        if (results.Count > 0) results.RemoveAt(results.Count - 1);
        results.Add(last with { Verdict = verdict, Wrong = wrong });
        return false;
    }
}
