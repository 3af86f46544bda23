namespace Evergrain.Bots.Judging;

/// <summary>What the calls of a run came to.</summary>
public sealed record LedgerTotals
{
    public required long Calls { get; init; }
    public required long Succeeded { get; init; }

    /// <summary>Sent, and neither answered nor lost yet.</summary>
    public required long Open { get; init; }

    /// <summary>Calls of bots with good manners.</summary>
    public required long PoliteCalls { get; init; }
    public required long PoliteSucceeded { get; init; }

    /// <summary>Errors by code; refusals by the game's rules as <c>rejected:reason</c>.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Calls without an answer within deadline + 30 s, after resume and retry with the same key.</summary>
    public required long Lost { get; init; }

    public required long AnsweredTwice { get; init; }

    /// <summary>Calls that were sent again with the same key and got another answer.</summary>
    public required long RepliesChanged { get; init; }

    /// <summary>Replies whose epoch is lower than what their caller had seen when it sent the call.</summary>
    public required long EpochBack { get; init; }
    public required long HighestEpoch { get; init; }

    /// <summary>Of bots with good manners.</summary>
    public required double P50Ms { get; init; }
    public required double P99Ms { get; init; }
    public required double MaxMs { get; init; }

    /// <summary>0 to 1; 1 when there were none.</summary>
    public double PoliteShare => PoliteCalls == 0 ? 1 : (double)PoliteSucceeded / PoliteCalls;
}
