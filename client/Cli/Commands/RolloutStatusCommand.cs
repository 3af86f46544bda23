using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain rollout status [ID]</c>: how one rollout stands. It only looks, so an aborted rollout is exit code 0 here.</summary>
internal static class RolloutStatusCommand
{
    public static Command Create(CommonOptions common)
    {
        var id = new Argument<string?>("ID") { Description = "The rollout; the current one, else the last, when left out.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("status", "Show a rollout: phase, silos, timings, methods changed, findings.") { id };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var rollout = parsed.GetValue(id) is { } named
                ? await session.Ops.Rollout(named, patience)
                : (await session.Ops.Status(patience)).Rollout ?? throw new OpsException(NoRollout);
            session.Print(rollout, OpsJson.Lenient.RolloutStatus, status => RolloutScreen.Whole(status, session.Time.GetUtcNow()));
            return ExitCode.Done;
        });
        return command;
    }

    static Problem NoRollout => new()
    {
        Title = "No rollout",
        Status = 0,
        Detail = "The server knows of no rollout yet.",
        Code = ErrorCodes.UnknownRollout,
        Ran = Ran.No,
        Next = $"start one: {ProgramName.AsStarted} rollout start NAME@VERSION; {ProgramName.AsStarted} packages lists what is published",
    };
}
