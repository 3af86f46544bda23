namespace Evergrain.CrashPoints.Points;

/// <summary>When in a store call the process is killed.</summary>
internal enum Side
{
    /// <summary>The store is not asked any more.</summary>
    Before,

    /// <summary>The store was asked, on its own thread, and its answer is not waited for.</summary>
    During,

    /// <summary>The store has answered, and nobody hears of it.</summary>
    After,
}

/// <summary>Where a process is killed.</summary>
/// <param name="Nth">At which call of that kind, from 1.</param>
/// <param name="DelayMicroseconds">With <see cref="Side.During"/>: so long after the store was asked.</param>
/// <param name="Early">Calls count from the beginning of the process, so that it dies while it starts, or while it recovers from the death of the last; else they
/// count once it has recovered.</param>
internal sealed record CrashPoint(StoreCall Call, int Nth, Side Side, int DelayMicroseconds, bool Early)
{
    public override string ToString() =>
        $"{(Side == Side.During ? $"{DelayMicroseconds} us into" : Side.ToString().ToLowerInvariant())} {Call} {Nth}{(Early ? " from its beginning" : "")}";
}

/// <summary>What the victim says last.</summary>
/// <param name="Answered">With <see cref="Side.During"/>: the store was done.</param>
/// <param name="At">By the clock of the machine.</param>
/// <param name="SlowestMs">The longest time in this process that a timer was late, or a write took: how far it was behind.</param>
internal sealed record Struck(CrashPoint Point, bool Answered, DateTimeOffset At, double SlowestMs);
