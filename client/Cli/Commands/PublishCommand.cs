using System.CommandLine;
using Evergrain.Cli.Ops;
using Evergrain.Cli.Screens;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Commands;

/// <summary><c>evergrain publish FILE…</c>: every file is sent, one after the other; one that is refused keeps none of the others back.</summary>
internal static class PublishCommand
{
    public static Command Create(CommonOptions common)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Packages: battle-1.1.0.gmod",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(Arguments.CheckFiles);
        var command = new Command("publish", "Store packages on the server, so that they can be rolled out. The same bytes again are no error.") { files };
        common.Handle(command, (parsed, session) => Publish(parsed.GetRequiredValue(files), session));
        return command;
    }

    static async Task<int> Publish(string[] files, Session session)
    {
        using var patience = session.Patience();
        var receipts = new List<PackageReceipt>();
        var exitCode = ExitCode.Done;
        foreach (var file in files)
        {
            try
            {
                await using var package = File.OpenRead(file);
                receipts.Add(await session.Ops.Publish(package, patience));
            }
            catch (OpsException failure)
            {
                ProblemScreen.Write(failure.Problem, session.Json, about: file);
                if (exitCode == ExitCode.Done) exitCode = failure.ExitCode;
                if (failure.ExitCode is ExitCode.NoServer or ExitCode.TimedOut or ExitCode.Interrupted) break;
            }
        }
        if (session.Json || receipts.Count > 0)
            session.Print(receipts, OpsJson.Lenient.IReadOnlyListPackageReceipt, PackagesScreen.Receipts);
        return exitCode;
    }
}
