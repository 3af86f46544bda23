namespace Evergrain.Benchmarks.Harness;

/// <summary>One thing that is measured. It prints and returns figures; a goal that is missed is no failure.</summary>
internal interface IBenchmark
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>One line.</summary>
    string Summary { get; }

    Task<IReadOnlyList<Figure>> Measure(Effort effort);
}

/// <summary>How long to measure.</summary>
/// <param name="Quick">A few runs and short ones: shows where something is slow, not what to publish.</param>
internal sealed record Effort(bool Quick)
{
    public int Runs(int full, int quick) => Quick ? quick : full;
    public TimeSpan Seconds(double full, double quick) => TimeSpan.FromSeconds(Quick ? quick : full);

    public void Say(string line) => Console.WriteLine($"    {line}");
}
