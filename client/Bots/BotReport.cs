using System.Text.Json.Serialization;
using Evergrain.Bots.Judging;
using Evergrain.Bots.Playing;

namespace Evergrain.Bots;

/// <summary>What a run of bots found.</summary>
public sealed record BotReport
{
    public required int Players { get; init; }
    public required int RoughPlayers { get; init; }
    public required double Seconds { get; init; }
    public required int Seed { get; init; }

    /// <summary>What must not be, each in a few words that begin with a stable name, such as <c>lost: 2</c>. Empty: all is well.</summary>
    public required IReadOnlyList<string> Breaches { get; init; }

    /// <summary>Up to 50 single cases behind the breaches, for who looks for the cause.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    public required LedgerTotals Calls { get; init; }
    public required DamageTotals Damage { get; init; }
    public required FrameTotals Frames { get; init; }
    public required GoldTotals Gold { get; init; }
    public required StampedeTotals? Stampede { get; init; }
    public required Activity Activity { get; init; }

    [JsonIgnore] public bool Ok => Breaches.Count == 0;
}

/// <summary>What the bots did beside calling.</summary>
/// <param name="Matches">Counted once for each player.</param>
/// <param name="Unfinished">Matches whose end a bot did not see.</param>
/// <param name="FailedBots">Bots that could not log in or broke.</param>
/// <param name="NonsenseAnswered">Calls of operations that do not exist and that were answered all the same.</param>
public sealed record Activity(
    long Matches, long Unfinished, long Quests, long Trades, long Drops, long Resends, long Pauses, long Rubbish, int FailedBots, int NonsenseAnswered);

/// <summary>Source-generated JSON of the report: camelCase, indented.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BotReport))]
[JsonSerializable(typeof(BotProgress))]
public sealed partial class BotJson : JsonSerializerContext;
