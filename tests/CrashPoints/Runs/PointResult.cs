using Evergrain.CrashPoints.Points;

namespace Evergrain.CrashPoints.Runs;

internal enum Verdict
{
    Held = 0,

    /// <summary>Something was lost, doubled, or is not what it was said to be.</summary>
    Broken = 1,

    /// <summary>Something did not come to its end.</summary>
    Unsettled = 2,

    /// <summary>A host did not start, or this program failed.</summary>
    Crashed = 3,
}

/// <summary>What came of one point.</summary>
/// <param name="Struck">How the process died; null when it never came to its point, and was killed from outside.</param>
internal sealed record PointResult(PointPlan Plan, ChainPlan Chain, Struck? Struck)
{
    public Verdict Verdict { get; init; }
    public IReadOnlyList<string> Wrong { get; init; } = [];

    /// <summary>Calls that the process was sent, and how many of them it had not answered when it died.</summary>
    public int Calls { get; init; }
    public int Unanswered { get; init; }

    /// <summary>How often calls of the chain had been answered with an error by then, by its code.</summary>
    public IReadOnlyDictionary<string, int> Errors { get; init; } = new Dictionary<string, int>();

    /// <summary>From its start to its death.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>It was dead before it served.</summary>
    public bool NeverServed { get; init; }
}
