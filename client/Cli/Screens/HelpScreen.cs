using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Evergrain.Cli.Screens;

/// <summary>The usual help; below that of the whole program, the exit codes and where to start.</summary>
internal sealed class HelpScreen(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parsed)
    {
        var exitCode = usual.Invoke(parsed);
        if (parsed.CommandResult.Command is not RootCommand) return exitCode;

        var output = parsed.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCode.All) output.WriteLine($"  {code,-4} {meaning}");
        output.WriteLine();
        output.WriteLine("A first reload:");
        output.WriteLine("  evergrain publish artifacts/packages/battle-1.1.0.gmod");
        output.WriteLine("  evergrain rollout start battle@1.1.0 --reason \"other numbers\"");
        output.WriteLine("  evergrain undo");
        output.WriteLine();
        return exitCode;
    }

    public override bool ClearsParseErrors => true;
}
