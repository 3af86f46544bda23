using Evergrain.Bots.Judging;

namespace Evergrain.Bots;

/// <summary>Where a run stands; told once a second.</summary>
public sealed record BotProgress
{
    public required TimeSpan Elapsed { get; init; }
    public required int Players { get; init; }
    public required long Matches { get; init; }
    public required LedgerTotals Calls { get; init; }

    /// <summary>Of the last second.</summary>
    public required double CallsPerSecond { get; init; }

    /// <summary>99th percentile of the last second's calls, by bots of good manners.</summary>
    public required double P99Ms { get; init; }

    /// <summary>Casts so far by the version that answered, <c>battle@1.1.0</c>.</summary>
    public required IReadOnlyDictionary<string, long> CastsByVersion { get; init; }
}
