using System.CommandLine;
using Evergrain.Bots;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Spectre.Console;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain bots</c>: players that play the sample game through the doors and judge what they see.</summary>
internal static class BotsCommand
{
    static readonly BotOptions Defaults = new();

    public static Command Create(CommonOptions common)
    {
        var players = Whole("--players", "How many play at the same time.", Defaults.Players, 2, BotOptions.MaxPlayers);
        var seconds = Whole("--seconds", "How long they play; ending their matches comes on top.", (int)Defaults.Duration.TotalSeconds, 1, 86_400);
        var seed = Whole("--seed", "What they do follows from it.", Defaults.Seed, 0, int.MaxValue);
        var stampede = Whole("--stampede", "That many log in at once, before the others play.", Defaults.Stampede, 0, BotOptions.MaxPlayers);
        var rough = new Option<double?>("--rough")
        {
            Description = $"The share with rough manners, 0 to 1: they drop, send again, stop reading, send rubbish. Default {Defaults.RoughShare}.",
            HelpName = "SHARE",
            CustomParser = result => Arguments.Number(result, "--rough", 0, 1),
        };
        var faults = new Option<bool>("--faults") { Description = "Silos are killed on the way: rooms may be set back and pause." };
        var command = new Command("bots", "Play the sample game with many bots; exit code 1 when a promise was broken.") { players, seconds, seed, rough, stampede, faults };
        common.Handle(command, (parsed, session) => Play(session, new BotOptions
        {
            Server = parsed.GetRequiredValue(common.Server),
            Players = parsed.GetValue(players),
            Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            Seed = parsed.GetValue(seed),
            Stampede = parsed.GetValue(stampede),
            RoughShare = parsed.GetValue(rough) ?? Defaults.RoughShare,
            FaultsExpected = parsed.GetValue(faults),
        }));
        return command;
    }

    static async Task<int> Play(Session session, BotOptions options)
    {
        var progress = Terminal.IsLive && !session.Json ? new Line() : null;
        try
        {
            var report = await BotRun.Play(options, session.Time, progress, session.Interruption);
            session.Print(report, BotJson.Default.BotReport, found => new Text(ReportText.Of(found).TrimEnd()));
            return report.Ok ? ExitCode.Done : ExitCode.Failed;
        }
        catch (CallFailedException refused)
        {
            throw new OpsException(refused.Error.Code == ErrorCodes.ConnectionLost ? LocalProblems.NoServer(options.Server, refused) : LocalProblems.NoPlay(refused.Error), refused);
        }
    }

    static Option<int> Whole(string name, string description, int preset, int least, int most) => new(name)
    {
        Description = $"{description} {least:N0} to {most:N0}.",
        HelpName = "N",
        DefaultValueFactory = _ => preset,
        CustomParser = result => Arguments.Whole(result, name, least, most),
    };

    /// <summary>One line a second while they play.</summary>
    sealed class Line : IProgress<BotProgress>
    {
        public void Report(BotProgress now) => Terminal.Print(Say.Line(Say.Faint(FormattableString.Invariant(
            $"{now.Elapsed.TotalSeconds,4:0} s  {now.Players} players  {now.CallsPerSecond:0} calls/s  p99 {now.P99Ms:0.0} ms  epoch {now.Calls.HighestEpoch}  lost {now.Calls.Lost}  twice {now.Calls.AnsweredTwice}"))));
    }
}
