using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain entities list</c>: asks for page after page until there are as many rows as were asked for.</summary>
internal static class EntitiesListCommand
{
    public static Command Create(CommonOptions common)
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind.", HelpName = "KIND", CustomParser = Arguments.Kind };
        var writtenBy = new Option<ModuleId?>("--written-by")
        {
            Description = "Only entities with a stored slice that this version wrote.",
            HelpName = "NAME@VERSION",
            CustomParser = result => Arguments.Module(result, "--written-by"),
        };
        var sinceEpoch = new Option<int>("--since-epoch")
        {
            Description = "Only entities with a stored slice that was written at this epoch or later.",
            HelpName = "N",
            CustomParser = result => Arguments.Whole(result, "--since-epoch", 1, int.MaxValue),
        };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        var command = new Command("list", "List entities with their silo, epoch and module versions.") { kind, writtenBy, sinceEpoch, limit, after };
        common.Handle(command, async (parsed, session) =>
        {
            var filter = new EntityFilter
            {
                Kind = parsed.GetValue(kind), WrittenBy = parsed.GetValue(writtenBy), SinceEpoch = parsed.GetValue(sinceEpoch),
                Limit = parsed.GetValue(limit), After = parsed.GetValue(after),
            };
            session.Print(await All(filter, session), OpsJson.Lenient.EntityList, EntitiesScreen.Of);
            return ExitCode.Done;
        });
        return command;
    }

    static async Task<EntityList> All(EntityFilter filter, Session session)
    {
        using var patience = session.Patience();
        var (rows, unreadable) = (new List<EntityRow>(), 0);
        while (true)
        {
            var page = await session.Ops.Entities(filter, patience);
            rows.AddRange(page.Entities);
            unreadable += page.Unreadable;
            if (page.Next is null || page.Entities.Count >= filter.Limit) return new EntityList(rows) { Next = page.Next, Unreadable = unreadable };
            filter = filter with { After = page.Next, Limit = filter.Limit - page.Entities.Count };
        }
    }
}
