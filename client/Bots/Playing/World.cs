using Evergrain.Bots.Judging;

namespace Evergrain.Bots.Playing;

/// <summary>What all bots of a run share.</summary>
internal sealed class World
{
    int failed, nonsense;

    public World(BotOptions options, string prefix, TimeProvider time, CancellationToken playing)
    {
        (Options, Prefix, Time, Playing) = (options, prefix, time, playing);
        Ledger = new Ledger(time, Examples);
        Damage = new DamageOracle(Examples);
        Frames = new FrameOracle(Examples);
        Gold = new GoldAccount(Examples);
    }

    public BotOptions Options { get; }
    public string Prefix { get; }
    public TimeProvider Time { get; }

    /// <summary>Ends when the time is up; who is in a match then plays it to its end.</summary>
    public CancellationToken Playing { get; }

    public Examples Examples { get; } = new();
    public Ledger Ledger { get; }
    public DamageOracle Damage { get; }
    public FrameOracle Frames { get; }
    public GoldAccount Gold { get; }
    public Tally Tally { get; } = new();

    /// <summary>Bots that logged in; set once, before they play. Gold goes only to these.</summary>
    public IReadOnlyList<Bot> Bots { get; set; } = [];

    /// <summary>The chance of one bot, the same in every run of the seed.</summary>
    public Random Chance(int index) => new(unchecked(Options.Seed * 1_000_003 + index));

    public int Failed => failed;
    public int Nonsense => nonsense;

    public void BotFailed(string name, Exception why)
    {
        Interlocked.Increment(ref failed);
        Examples.Add($"bot-failed: {name}: {why.GetType().Name}: {why.Message}");
    }

    public void NonsenseAnswered(string what)
    {
        Interlocked.Increment(ref nonsense);
        Examples.Add($"nonsense-answered: {what}");
    }

    public double Seconds => Time.GetTimestamp() / (double)Time.TimestampFrequency;
}

/// <summary>Counts of things that are no breach. Fields, so that they can be counted from any thread.</summary>
internal sealed class Tally
{
    public long Matches, Unfinished, Quests, Trades, Drops, Resends, Pauses, Rubbish;

    public void Add(ref long count) => Interlocked.Increment(ref count);
}
