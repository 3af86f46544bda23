namespace Evergrain.CrashPoints.Points;

/// <summary>One process that is killed.</summary>
/// <param name="Number">From 0; with the seed, its name.</param>
/// <param name="Play">What the players do follows from it.</param>
internal sealed record PointPlan(int Number, int Play, CrashPoint Point)
{
    public override string ToString() => $"point {Number}: killed {Point}";
}

/// <summary>Processes over one store: each recovers from the death of the one before, is played on, and is killed; the last one recovers and is judged.</summary>
/// <param name="Postgres">Over PostgreSQL, where there is one; else over SQLite.</param>
/// <param name="Empty">The store is new: the first process makes it and rolls the first release out; else that was done before, in peace.</param>
internal sealed record ChainPlan(bool Postgres, bool Empty, IReadOnlyList<PointPlan> Points);
