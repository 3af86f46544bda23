using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain history</c>: the releases, newest first, each with its difference from the one before.</summary>
internal static class HistoryCommand
{
    public static Command Create(CommonOptions common)
    {
        var limit = new Option<int>("--limit")
        {
            Description = "How many releases at most, the newest first. 1 to 100.",
            HelpName = "N",
            DefaultValueFactory = _ => 20,
            CustomParser = result => Arguments.Whole(result, "--limit", 1, 100),
        };
        var command = new Command("history", "Show the releases that served, with what each changed.") { limit };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var releases = await session.Ops.Releases(patience);
            IReadOnlyList<ReleaseStatus> newest = [.. releases.OrderByDescending(release => release.Epoch).Take(parsed.GetValue(limit))];
            session.Print(newest, OpsJson.Lenient.IReadOnlyListReleaseStatus, HistoryScreen.Of);
            return ExitCode.Done;
        });
        return command;
    }
}
