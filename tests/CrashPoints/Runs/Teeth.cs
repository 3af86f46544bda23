using Evergrain.CrashPoints.Points;
using Evergrain.CrashPoints.Victim;

namespace Evergrain.CrashPoints.Runs;

/// <summary>Points over stores that lie: each lie has to be seen.</summary>
internal static class Teeth
{
    static readonly (Tooth Tooth, CrashPoint Point)[] lies =
    [
        (Tooth.LosesWrites, new(StoreCall.EntityWrite, 60, Side.After, 0, false)),
        (Tooth.DoublesSends, new(StoreCall.WakingWrite, 90, Side.After, 0, false)),
        (Tooth.LosesSends, new(StoreCall.WakingWrite, 90, Side.After, 0, false)),
        (Tooth.RepeatsWrites, new(StoreCall.EntityWrite, 90, Side.Before, 0, false)),
        (Tooth.LosesIntervals, new(StoreCall.CommitWrite, 3, Side.Before, 0, false)),
        (Tooth.LosesReleases, new(StoreCall.CommitWrite, 3, Side.Before, 0, false)),
    ];

    /// <returns>How many lies were not seen.</returns>
    public static async Task<int> Bite(StoreHouses houses, int jobs, TextWriter output)
    {
        var unseen = 0;
        await Parallel.ForEachAsync(lies, new ParallelOptions { MaxDegreeOfParallelism = jobs }, async (lie, _) =>
        {
            var chain = new ChainPlan(Postgres: false, Empty: false, [new PointPlan(0, 1, lie.Point)]);
            var result = (await Search.Play(chain, houses, lie.Tooth))[0];
            var seen = result.Verdict is Verdict.Broken or Verdict.Unsettled;
            if (!seen) Interlocked.Increment(ref unseen);
            output.WriteLine($"{lie.Tooth}: {(seen ? $"seen: {result.Wrong[0]}" : $"NOT SEEN: {Report.Tell(result)}")}");
        });
        return unseen;
    }
}
