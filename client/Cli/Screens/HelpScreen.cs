using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Evergrain.Cli.Screens;

/// <summary>The usual help, with the program's name as it was started; below that of the whole program, the exit codes and where to start.</summary>
internal sealed class HelpScreen(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parsed)
    {
        var output = parsed.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parsed.InvocationConfiguration.Output = text;
        var exitCode = usual.Invoke(parsed);
        parsed.InvocationConfiguration.Output = output;
        output.Write(text.ToString().Replace($"\n  {parsed.RootCommandResult.Command.Name} ", $"\n  {ProgramName.AsStarted} ", StringComparison.Ordinal));
        if (parsed.CommandResult.Command is not RootCommand) return exitCode;

        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCode.All) output.WriteLine($"  {code,-4} {meaning}");
        output.WriteLine();
        output.WriteLine("A first reload:");
        output.WriteLine($"  {ProgramName.AsStarted} publish artifacts/packages/battle-1.1.0.gmod");
        output.WriteLine($"  {ProgramName.AsStarted} rollout start battle@1.1.0 --reason \"other numbers\"");
        output.WriteLine($"  {ProgramName.AsStarted} undo");
        output.WriteLine();
        return exitCode;
    }

    public override bool ClearsParseErrors => true;
}
