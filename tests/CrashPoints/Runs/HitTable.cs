using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Runs;

/// <summary>How many processes were killed at which kind of call, on which side of it.</summary>
internal sealed class HitTable(IEnumerable<PointResult> results)
{
    readonly List<Struck> struck = [.. results.Select(result => result.Struck).OfType<Struck>()];

    /// <summary>Kinds that were never hit.</summary>
    public IReadOnlyList<StoreCall> Unhit => [.. Enum.GetValues<StoreCall>().Where(call => struck.All(one => one.Point.Call != call))];

    public override string ToString() => string.Concat([
        "| call | before | during, unanswered | during, answered | after | all |\n|---|---:|---:|---:|---:|---:|\n",
        .. Enum.GetValues<StoreCall>().Select(call => $"| {call} | {Count(call, Side.Before)} | {Count(call, Side.During, answered: false)} | {Count(call, Side.During, answered: true)} | {Count(call, Side.After)} | {struck.Count(one => one.Point.Call == call)} |\n"),
        $"| all | {Count(null, Side.Before)} | {Count(null, Side.During, answered: false)} | {Count(null, Side.During, answered: true)} | {Count(null, Side.After)} | {struck.Count} |\n"]);

    int Count(StoreCall? call, Side side, bool? answered = null) =>
        struck.Count(one => (call is null || one.Point.Call == call) && one.Point.Side == side && (answered is null || one.Answered == answered));
}
