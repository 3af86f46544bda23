using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain entities show KIND/KEY</c>.</summary>
internal static class EntitiesShowCommand
{
    public static Command Create(CommonOptions common)
    {
        var id = new Argument<EntityId>("KIND/KEY") { Description = "The entity: battle/room-17", CustomParser = Arguments.Entity };
        var command = new Command("show", "Show one entity: slices as JSON, module versions, schedule, outbox, running turn, tracked work.") { id };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var entity = await session.Ops.Entity(parsed.GetRequiredValue(id), patience);
            session.Print(entity, OpsJson.Lenient.EntityView, view => EntityScreen.Of(view, session.Time.GetUtcNow()));
            return ExitCode.Done;
        });
        return command;
    }
}
