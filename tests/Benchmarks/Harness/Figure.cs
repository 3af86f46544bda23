namespace Evergrain.Benchmarks.Harness;

/// <summary>One measured number.</summary>
/// <param name="Unit">Such as <c>ns</c>, <c>calls/s</c>, <c>bytes</c>.</param>
/// <param name="Goal">In words; null where the number is only reported.</param>
/// <param name="Met">Null where there is no goal.</param>
internal sealed record Figure(string Name, double Value, string Unit, string? Goal = null, bool? Met = null)
{
    /// <summary>The single runs, of which <see cref="Value"/> is the median.</summary>
    public IReadOnlyList<double> Runs { get; init; } = [];

    public static Figure AtMost(string name, double value, string unit, double goal) =>
        new(name, value, unit, $"≤ {goal:#,0.##} {unit}", value <= goal);

    public static Figure AtLeast(string name, double value, string unit, double goal) =>
        new(name, value, unit, $"≥ {goal:#,0.##} {unit}", value >= goal);

    public string Text => Value switch
    {
        >= 1000 or <= -1000 => $"{Value:#,0} {Unit}",
        >= 10 or <= -10 => $"{Value:0.0} {Unit}",
        _ => $"{Value:0.###} {Unit}",
    };
}
