using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Victim;

namespace Evergrain.CrashPoints.Runs;

/// <summary>Plays points, some beside each other.</summary>
internal static class Search
{
    /// <param name="tell">Told of each point once it is over, one at a time.</param>
    /// <returns>By their numbers.</returns>
    public static async Task<IReadOnlyList<PointResult>> Play(IEnumerable<ChainPlan> plans, StoreHouses houses, int jobs, Action<PointResult> tell, CancellationToken stop)
    {
        var results = new List<PointResult>();
        var playing = Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = stop }, async (plan, _) =>
        {
            // What comes after a point that something was wrong after begins with a new store.
            for (var rest = plan; rest.Points.Count > 0 && !stop.IsCancellationRequested;)
            {
                var played = await Play(rest, houses, Tooth.None);
                // A terminal's Ctrl-C reaches the hosts, too: what it did to them counts for nothing.
                if (stop.IsCancellationRequested) return;
                lock (results)
                {
                    results.AddRange(played);
                    foreach (var result in played) tell(result);
                }
                rest = rest with { Points = [.. rest.Points.Skip(played.Count)] };
            }
        });
        await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (playing.IsFaulted) await playing;
        return [.. results.OrderBy(result => result.Plan.Number)];
    }

    public static async Task<IReadOnlyList<PointResult>> Play(ChainPlan plan, StoreHouses houses, Tooth tooth)
    {
        var (place, opening) = await houses.For(plan);
        await using (place) return await ChainRun.Play(plan, place, houses.Packages, opening, tooth);
    }
}
