using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain packages</c>: what can be rolled out.</summary>
internal static class PackagesCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("packages", "List the packages that are published.");
        common.Handle(command, async (_, session) =>
        {
            using var patience = session.Patience();
            var packages = await session.Ops.Packages(patience);
            session.Print(packages, OpsJson.Lenient.IReadOnlyListPackageReceipt, PackagesScreen.Packages);
            return ExitCode.Done;
        });
        return command;
    }
}
