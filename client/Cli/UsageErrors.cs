using System.CommandLine;
using System.CommandLine.Parsing;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli;

/// <summary>Everything that is wrong with a command line, told at once.</summary>
internal static class UsageErrors
{
    public static Problem Of(ParseResult parsed)
    {
        var command = PathOf(parsed.CommandResult);
        return LocalProblems.WrongUsage(command, [.. Errors(parsed, command).Distinct()]);
    }

    static IEnumerable<string> Errors(ParseResult parsed, string command)
    {
        var children = string.Join(", ", parsed.CommandResult.Command.Subcommands.Select(child => child.Name));
        // A command that does something by itself, too, may have been meant by itself.
        if (children.Length == 0 || parsed.CommandResult.Command.Action is not null && parsed.UnmatchedTokens.Count == 0)
        {
            foreach (var error in parsed.Errors) yield return error.Message.Trim();
            yield break;
        }

        // Of a group only one thing can be wrong besides its options: which command was meant.
        foreach (var token in parsed.UnmatchedTokens)
            yield return token.StartsWith('-') ? $"There is no option {token}." : $"'{token}' is no command of {command}; there are: {children}.";
        if (parsed.UnmatchedTokens.Count == 0) yield return $"{command} needs a command after it, one of: {children}.";
        foreach (var error in parsed.Errors.Where(error => error.SymbolResult is not CommandResult)) yield return error.Message.Trim();
    }

    static string PathOf(CommandResult result)
    {
        var names = new Stack<string>();
        for (var at = result; at is not null; at = at.Parent as CommandResult)
            names.Push(at.Command is RootCommand ? ProgramName.AsStarted : at.Command.Name);
        return string.Join(' ', names);
    }
}
