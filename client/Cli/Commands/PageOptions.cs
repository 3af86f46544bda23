using System.CommandLine;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary>Options of commands that show a part of a long list of entities.</summary>
internal static class PageOptions
{
    public static Option<int> Limit() => new("--limit")
    {
        Description = $"How many at most. 1 to {EntityFilter.MaxLimit}.",
        HelpName = "N",
        DefaultValueFactory = _ => EntityFilter.DefaultLimit,
        CustomParser = result => Arguments.Whole(result, "--limit", 1, EntityFilter.MaxLimit),
    };

    public static Option<EntityId?> After() => new("--after") { Description = "Begin after this entity: what the list before ended with.", HelpName = "KIND/KEY", CustomParser = Arguments.After };
}
