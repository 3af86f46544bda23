using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain entities list</c>.</summary>
internal static class EntitiesListCommand
{
    public static Command Create(CommonOptions common)
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind.", HelpName = "KIND", CustomParser = Arguments.Kind };
        var limit = new Option<int>("--limit")
        {
            Description = "How many at most. 1 to 10000.",
            HelpName = "N",
            DefaultValueFactory = _ => 100,
            CustomParser = result => Arguments.Whole(result, "--limit", 1, 10_000),
        };
        var command = new Command("list", "List entities with their silo, epoch and module versions.") { kind, limit };
        common.Handle(command, async (parsed, session) =>
        {
            using var patience = session.Patience();
            var most = parsed.GetValue(limit);
            var entities = await session.Ops.Entities(parsed.GetValue(kind), most, patience);
            session.Print(entities, OpsJson.Lenient.IReadOnlyListEntityRow, rows => EntitiesScreen.Of(rows, most));
            return ExitCode.Done;
        });
        return command;
    }
}
