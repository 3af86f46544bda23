using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain entities quarantined</c>: by itself it lists them; <c>retry</c>, <c>restore</c> and <c>discard</c> do something with one.</summary>
internal static class QuarantinedCommand
{
    public static Command Create(CommonOptions common)
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        var command = new Command("quarantined", "List the entities that could not be brought to the serving versions, or do something with one.")
        {
            limit,
            after,
            Act(common, "retry", "Try again to bring it to the serving versions.", needsReason: false),
            Act(common, "restore", "Give it the state back that it had before the schema that cannot be read; what was written since is lost to it.", needsReason: true),
            Act(common, "discard", "Remove its record, with all that it had to send. There is no way back.", needsReason: true),
        };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var list = await session.Ops.Quarantined(parsed.GetValue(after), parsed.GetValue(limit), patience);
            session.Print(list, OpsJson.Lenient.QuarantineList, QuarantineScreen.Of);
            return ExitCode.Done;
        });
        return command;
    }

    static Command Act(CommonOptions common, string name, string what, bool needsReason)
    {
        var id = new Argument<EntityId>("KIND/KEY") { Description = "The entity: battle/room-17", CustomParser = Arguments.Entity };
        var reason = new Option<string?>("--reason") { Description = "Why; told as an event and logged with your name.", HelpName = "TEXT", Required = needsReason };
        var command = new Command(name, what) { id, reason };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var outcome = await session.Ops.Quarantined(parsed.GetRequiredValue(id), name, new OperatorReason(parsed.GetValue(reason)), patience);
            session.Print(outcome, OpsJson.Lenient.QuarantineOutcome, done => QuarantineScreen.Of(done, name));
            return outcome.Why is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
