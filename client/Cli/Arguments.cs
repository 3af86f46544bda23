using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.RegularExpressions;
using Evergrain.Contracts;

namespace Evergrain.Cli;

/// <summary>Parses what is written on the line; each thing that is wrong is one error of the parse, so that all are told at once.</summary>
internal static partial class Arguments
{
    /// <summary>A number in a range, both ends included.</summary>
    public static double? Number(ArgumentResult result, string name, double least, double most)
    {
        var text = result.Tokens[^1].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is a number from {least} to {most}, not '{text}'."));
        return null;
    }

    /// <summary>A whole number in a range, both ends included.</summary>
    public static int Whole(ArgumentResult result, string name, int least, int most)
    {
        var text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        result.AddError($"{name} is a whole number from {least} to {most}, not '{text}'.");
        return least;
    }

    /// <summary>Module versions written <c>name@version</c>, each module once.</summary>
    public static ModuleId[] Modules(ArgumentResult result)
    {
        var modules = new List<ModuleId>();
        foreach (var token in result.Tokens)
        {
            var match = ModulePattern().Match(token.Value);
            if (IsStrayOption(result, token.Value)) continue;
            if (!match.Success) result.AddError($"'{token.Value}' is not a module version: write NAME@VERSION, as in battle@1.1.0.");
            else if (modules.Any(module => module.Name == match.Groups[1].Value)) result.AddError($"'{token.Value}' names the module {match.Groups[1].Value} a second time.");
            else modules.Add(new ModuleId(match.Groups[1].Value, match.Groups[2].Value));
        }
        return [.. modules];
    }

    public static EntityId Entity(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (EntityId.TryParse(text, out var id)) return id;
        if (!IsStrayOption(result, text)) result.AddError($"'{text}' is not an entity: write KIND/KEY, as in battle/room-17.");
        return default;
    }

    public static string? Kind(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (EntityId.IsKind(text)) return text;
        result.AddError($"--kind is '{text}': not an entity kind, such as battle.");
        return null;
    }

    /// <summary>What looks like an option and is none ends up among the arguments; it is told as what it was meant to be.</summary>
    public static bool IsStrayOption(ArgumentResult result, string text)
    {
        if (!text.StartsWith('-')) return false;
        result.AddError($"There is no option {text}.");
        return true;
    }

    // Names like an entity kind; versions by SemVer 2.0.
    [GeneratedRegex(@"^([a-z][a-z0-9-]*)@((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ModulePattern();
}
