using Evergrain.Bots.Talking;
using Evergrain.Bots.Tests.Table;

namespace Evergrain.Bots.Tests;

/// <summary>Bots play the real modules on the table, in simulated time; planted bugs of the server must be found.</summary>
public sealed class PlayTests
{
    static readonly BotOptions Options = new() { Players = 12, Duration = TimeSpan.FromSeconds(40), Seed = 7, Prefix = "t", SettleWithin = TimeSpan.FromSeconds(2) };

    static BotReport Play(Bug bug = Bug.None, BotOptions? options = null, bool reload = true)
    {
        var time = new SimulatedTime();
        var server = new TableServer(time, bug);
        using var rollouts = new Rollouts(time, server, reload);
        return time.Run(async () =>
        {
            var report = await BotRun.Play(options ?? Options, time, (world, name, _) =>
            {
                server.OnStray = world.Ledger.AnsweredAgain;
                return Task.FromResult<IGameLine>(new TableLine(server, name));
            }, null, CancellationToken.None);
            server.Stop();
            return report;
        });
    }

    [Fact]
    public void A_right_game_is_played_without_breach_through_three_versions()
    {
        var report = Play();
        Assert.True(report.Ok, ReportText.Of(report));
        Assert.Empty(report.Calls.Errors);
        Assert.Equal(["battle@1.0.0", "battle@1.1.0", "battle@2.0.0"], report.Damage.ByVersion.Keys);
        Assert.True(report.Activity is { Matches: > 20, Quests: > 5, Trades: > 5, Resends: > 0, Pauses: > 0 }, ReportText.Of(report));
        Assert.True(report.Gold is { Prizes: > 100, Rewards: > 20 } && report.Frames is { Seen: > 1000, PaceJudged: > 5 }, ReportText.Of(report));
    }

    [Fact]
    public void The_same_seed_plays_the_same_game()
    {
        var (one, other) = (Play(), Play());
        Assert.Equal((one.Calls.Calls, one.Gold, one.Frames), (other.Calls.Calls, other.Gold, other.Frames));
        Assert.NotEqual(one.Calls.Calls, Play(options: Options with { Seed = 8 }).Calls.Calls);
    }

    [Theory]
    [InlineData(nameof(Bug.LosesReplies), "lost")]
    [InlineData(nameof(Bug.AnswersTwice), "answered-twice")]
    [InlineData(nameof(Bug.RunsTwice), "gold-created")]
    [InlineData(nameof(Bug.ForgetsKeys), "reply-changed")]
    [InlineData(nameof(Bug.NamesAnotherVersion), "wrong-damage")]
    [InlineData(nameof(Bug.EpochFalls), "epoch-back")]
    [InlineData(nameof(Bug.SkipsFrames), "frame-gap")]
    [InlineData(nameof(Bug.RunsTooFast), "frame-pace")]
    [InlineData(nameof(Bug.Refuses), "too-few-succeeded")]
    public void A_planted_bug_is_found(string bug, string breach)
    {
        var report = Play(Enum.Parse<Bug>(bug), Options with { RoughShare = 0.5 });
        Assert.Contains(report.Breaches, found => found.StartsWith($"{breach}: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stampede_is_let_in_before_the_others_play()
    {
        var report = Play(options: Options with { Stampede = 600, Duration = TimeSpan.FromSeconds(5) }, reload: false);
        Assert.True(report.Ok, ReportText.Of(report));
        Assert.Equal((600L, 600L), (report.Stampede!.Players, report.Stampede.Answered));
    }

    [Fact]
    public void Options_out_of_range_are_told_all_at_once()
    {
        var wrong = new BotOptions { Players = 1, RoughShare = 2, Duration = TimeSpan.Zero, Stampede = -1, Deadline = TimeSpan.Zero, Server = new Uri("ftp://x") };
        Assert.Equal(6, wrong.Problems().Count);
        Assert.Empty(new BotOptions().Problems());
    }

    sealed class Rollouts : IDisposable
    {
        readonly List<ITimer> timers = [];

        public Rollouts(TimeProvider time, TableServer server, bool on)
        {
            var at = TimeSpan.Zero;
            foreach (var version in on ? new[] { "1.1.0", "2.0.0", "1.1.0", "1.0.0", "2.0.0" } : [])
                timers.Add(time.CreateTimer(_ => server.Serve(version), null, at += TimeSpan.FromSeconds(6), Timeout.InfiniteTimeSpan));
        }

        public void Dispose() => timers.ForEach(timer => timer.Dispose());
    }
}
