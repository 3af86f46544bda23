using System.CommandLine;
using Evergrain.Cli.Screens;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain undo</c>: a rollout of what served before; waits like <c>rollout start</c>.</summary>
internal static class UndoCommand
{
    public static Command Create(CommonOptions common)
    {
        var reason = RolloutOptions.Reason();
        var deadline = RolloutOptions.Deadline();
        var oneWay = RolloutOptions.OneWay("Accept that states which cannot come down are left behind: their entities are quarantined, with their bytes kept.");
        var noWait = RolloutOptions.NoWait();
        var command = new Command("undo", "Go back to the release before, at a new epoch. Each further undo goes one further back.") { reason, deadline, oneWay, noWait };
        common.Handle(command, async (parsed, session) =>
        {
            var request = new UndoRequest { Reason = parsed.GetValue(reason), DeadlineSeconds = parsed.GetValue(deadline), OneWay = parsed.GetValue(oneWay) };
            using var patience = session.Patience(RolloutOptions.Wait(request.DeadlineSeconds));
            var accepted = await session.Ops.Undo(request, patience);
            return await RolloutProgress.Follow(accepted, parsed.GetValue(noWait), session, patience);
        });
        return command;
    }
}
