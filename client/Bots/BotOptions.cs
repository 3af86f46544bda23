namespace Evergrain.Bots;

/// <summary>What a run of bots is to do. Checked by <see cref="BotRun.Play"/> before anything is sent.</summary>
public sealed record BotOptions
{
    public const int MaxPlayers = 20_000;

    /// <summary>Where the doors are. Default <c>http://localhost:5080</c>.</summary>
    public Uri Server { get; init; } = new("http://localhost:5080");

    /// <summary>Players at the same time, 2 to 20,000. Default 200.</summary>
    public int Players { get; init; } = 200;

    /// <summary>How long they play; ending their matches and settling comes on top. 1 s to 1 day, default 60 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the bots do follows from it; when they do it depends on the server as well. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The part of the bots with rough manners: they drop in mid-match and come back, send the same call again, stop reading,
    /// send rubbish. 0 to 1, default 0.2.</summary>
    public double RoughShare { get; init; } = 0.2;

    /// <summary>That many players log in at once, before the others play; 0 for none. 0 to 20,000, default 0.</summary>
    public int Stampede { get; init; }

    /// <summary>Silos are killed on the way: then a room may be set back by a second and its frames may pause, and neither is a breach.</summary>
    public bool FaultsExpected { get; init; }

    /// <summary>Deadline of each call. 100 ms to 1 minute, default 10 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long after its deadline a call may still be answered, through resume and retry with the same key, before it counts
    /// as lost. Default 30 s.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait at the end until the wallets hold what they should. Default 30 s.</summary>
    public TimeSpan SettleWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Begins the names of the players, their lobbies and rooms. Null: one that is new with every run.</summary>
    public string? Prefix { get; init; }

    /// <summary>Everything that is out of range, in words; empty when all is well.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (Server is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) problems.Add($"The server is '{Server}': not a URL such as http://localhost:5080.");
        if (Players is < 2 or > MaxPlayers) problems.Add($"Players is {Players}; it ranges from 2 to {MaxPlayers:N0}.");
        if (Duration < TimeSpan.FromSeconds(1) || Duration > TimeSpan.FromDays(1)) problems.Add($"Duration is {Duration}; it ranges from 1 s to 1 day.");
        if (!(RoughShare is >= 0 and <= 1)) problems.Add($"The rough share is {RoughShare}; it ranges from 0 to 1.");
        if (Stampede is < 0 or > MaxPlayers) problems.Add($"Stampede is {Stampede}; it ranges from 0 to {MaxPlayers:N0}.");
        if (Deadline < TimeSpan.FromMilliseconds(100) || Deadline > TimeSpan.FromMinutes(1)) problems.Add($"The deadline is {Deadline}; it ranges from 100 ms to 1 minute.");
        return problems;
    }
}
