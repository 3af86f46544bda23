namespace Evergrain.CrashPoints.Points;

/// <summary>Spreads the points of a seed over kinds of store calls and sides: each kind once in every round, each kind and side once in three rounds.</summary>
internal static class Planner
{
    const int ChainLength = 5, PostgresEvery = 5, EmptyEvery = 3;
    const double LeastMicroseconds = 20, MostMicroseconds = 20_000;

    // Which call of each kind at the latest: while a second or two are played, and while a process starts and recovers. 0: there may be none.
    static readonly (StoreCall Call, int Played, int Early)[] kinds =
    [
        (StoreCall.EntityRead, 12, 20), (StoreCall.EntityWrite, 120, 2), (StoreCall.WakingWrite, 120, 0), (StoreCall.QuietingWrite, 80, 3), (StoreCall.MigratedWrite, 16, 0),
        (StoreCall.IntervalWrite, 30, 1), (StoreCall.EntityDelete, 6, 0), (StoreCall.EntityList, 3, 2), (StoreCall.WakeUps, 4, 3),
        (StoreCall.ClusterRead, 20, 10), (StoreCall.EnrolWrite, 0, 2), (StoreCall.RequestedWrite, 3, 0), (StoreCall.PreparingWrite, 3, 0), (StoreCall.PreparedWrite, 2, 0),
        (StoreCall.CommitWrite, 2, 0), (StoreCall.PermanentWrite, 2, 0), (StoreCall.AbortingWrite, 1, 0), (StoreCall.AbortedWrite, 1, 0), (StoreCall.History, 2, 1),
        (StoreCall.PackagePublish, 2, 1), (StoreCall.PackageRead, 2, 2), (StoreCall.PackageFind, 4, 0), (StoreCall.PackageList, 3, 2),
    ];

    public static IReadOnlyList<ChainPlan> Plan(int seed, int points) =>
        [.. Points(seed, points).Chunk(ChainLength).Select((chain, i) => new ChainPlan(i % PostgresEvery == PostgresEvery - 1, IsEmpty(i), chain))];

    static bool IsEmpty(int chain) => chain % EmptyEvery == EmptyEvery - 1;

    static IEnumerable<PointPlan> Points(int seed, int points)
    {
        var number = 0;
        for (var round = 0; ; round++)
        {
            var random = new Random(unchecked(seed * 7919 + round));
            var order = Enumerable.Range(0, kinds.Length).ToArray();
            random.Shuffle(order);
            // Every round moves on by one side, so that three rounds are all of them.
            foreach (var kind in order)
            {
                if (number == points) yield break;
                var makes = number % ChainLength == 0 && IsEmpty(number / ChainLength);
                yield return new PointPlan(number++, random.Next(), At(kinds[kind], (Side)((kind + round) % 3), makes, random));
            }
        }
    }

    /// <param name="makes">The process makes its store: it rolls the first release out before it serves.</param>
    static CrashPoint At((StoreCall Call, int Played, int Early) kind, Side side, bool makes, Random random)
    {
        var mostEarly = makes && kind.Call is >= StoreCall.RequestedWrite and <= StoreCall.PermanentWrite ? 1 : kind.Early;
        var early = kind.Played == 0 || mostEarly > 0 && (makes || random.Next(2) == 0);
        // As many short delays as long ones: the beginning of a write is over soon, and its end comes late on a busy machine.
        var delay = LeastMicroseconds * Math.Pow(MostMicroseconds / LeastMicroseconds, random.NextDouble());
        return new CrashPoint(kind.Call, 1 + random.Next(early ? mostEarly : kind.Played), side, (int)delay, early);
    }
}
