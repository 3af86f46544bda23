using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain rollout abort ID</c>.</summary>
internal static class RolloutAbortCommand
{
    public static Command Create(CommonOptions common)
    {
        var id = new Argument<string>("ID") { Description = "The rollout, as rollout start printed it." };
        var reason = RolloutOptions.Reason();
        var command = new Command("abort", $"Give a rollout up before its commit. After the commit, {ProgramName.AsStarted} undo is the way back.") { id, reason };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var request = new AbortRequest { Reason = parsed.GetValue(reason) };
            var rollout = await session.Ops.AbortRollout(parsed.GetRequiredValue(id), request, patience);
            session.Print(rollout, OpsJson.Lenient.RolloutStatus, status => RolloutScreen.Whole(status, session.Time.GetUtcNow()));
            return ExitCode.Done;
        });
        return command;
    }
}
