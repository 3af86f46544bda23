using System.CommandLine;
using System.CommandLine.Invocation;
using Evergrain.Cli.Screens;

namespace Evergrain.Cli;

internal static class Program
{
    static async Task<int> Main(string[] arguments)
    {
        using var interruption = new Interruption();
        var root = EvergrainCommand.Create(new CommonOptions());
        if (arguments.Length == 0)
        {
            root.Parse(["--help"]).Invoke();
            return ExitCode.WrongUsage;
        }
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            // What was meant by a wrong line is unknown, so the form of the answer is read from the words themselves.
            var json = WantsJson(arguments);
            ProblemScreen.Write(UsageErrors.Of(parsed), json);
            return ExitCode.WrongUsage;
        }
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            interruption.Token);
    }

    static bool WantsJson(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] is "--output=json" or "--output:json" or "-o=json" or "-o:json" or "-ojson") return true;
            if (arguments[i] is "--output" or "-o" && i + 1 < arguments.Length && arguments[i + 1] == "json") return true;
        }
        return false;
    }
}
