using System.CommandLine;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain entities …</c>.</summary>
internal static class EntitiesCommand
{
    public static Command Create(CommonOptions common) => new("entities", "Look at the entities of the game.")
    {
        EntitiesListCommand.Create(common),
        EntitiesShowCommand.Create(common),
        QuarantinedCommand.Create(common),
    };
}
