using System.CommandLine;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain rollout …</c>.</summary>
internal static class RolloutCommand
{
    public static Command Create(CommonOptions common) => new("rollout", "Take module versions to every silo of the running game.")
    {
        RolloutStartCommand.Create(common),
        RolloutStatusCommand.Create(common),
        RolloutAbortCommand.Create(common),
    };
}
