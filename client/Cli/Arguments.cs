using System.CommandLine.Parsing;
using System.Globalization;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;

namespace Evergrain.Cli;

/// <summary>Parses what is written on the line; each thing that is wrong is one error of the parse, so that all are told at once.</summary>
internal static class Arguments
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

    /// <summary>One module version written <c>name@version</c>.</summary>
    public static ModuleId? Module(ArgumentResult result, string name)
    {
        var text = result.Tokens[^1].Value;
        if (TryModule(text, out var module)) return module;
        result.AddError($"{name} is '{text}', not a module version: write NAME@VERSION, as in battle@1.1.0.");
        return null;
    }

    /// <summary>Module versions written <c>name@version</c>, each module once.</summary>
    public static ModuleId[] Modules(ArgumentResult result)
    {
        var modules = new List<ModuleId>();
        foreach (var text in result.Tokens.Select(token => token.Value))
        {
            if (IsStrayOption(result, text)) continue;
            if (!TryModule(text, out var module)) result.AddError($"'{text}' is not a module version: write NAME@VERSION, as in battle@1.1.0.");
            else if (modules.Any(other => other.Name == module.Name)) result.AddError($"'{text}' names the module {module.Name} a second time.");
            else modules.Add(module);
        }
        return [.. modules];
    }

    public static string? ModuleName(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (EntityId.IsKind(text)) return text;
        result.AddError($"--name is '{text}': a module's name is a lower-case letter, then lower-case letters, digits or '-', at most {EntityId.MaxKindLength}.");
        return null;
    }

    public static string? ModuleVersion(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (SemanticVersion.TryParse(text) is not null) return text;
        result.AddError($"--version is '{text}': not a version by SemVer, such as 1.1.0.");
        return null;
    }

    public static EntityId? After(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (EntityId.TryParse(text, out var id)) return id;
        result.AddError($"--after is '{text}', not an entity: write KIND/KEY, as in battle/room-17.");
        return null;
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
    public static bool IsStrayOption(SymbolResult result, string text)
    {
        if (!text.StartsWith('-')) return false;
        result.AddError($"There is no option {text}.");
        return true;
    }

    /// <summary>Every file that is named is there and can be read.</summary>
    public static void CheckFiles(SymbolResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (!File.Exists(token.Value) && IsStrayOption(result, token.Value)) continue;
            if (Directory.Exists(token.Value)) result.AddError($"'{token.Value}' is a folder, not a file.");
            else if (!File.Exists(token.Value)) result.AddError($"There is no file '{token.Value}'.");
            else if (WhyUnreadable(token.Value) is { } reason) result.AddError($"'{token.Value}' cannot be read: {reason}");
        }
    }

    static string? WhyUnreadable(string file)
    {
        try
        {
            using var opened = File.OpenRead(file);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    // A module is named like an entity kind.
    static bool TryModule(string text, out ModuleId module)
    {
        var at = text.IndexOf('@');
        module = at < 0 ? default : new ModuleId(text[..at], text[(at + 1)..]);
        return at >= 0 && EntityId.IsKind(module.Name) && SemanticVersion.TryParse(module.Version) is not null;
    }
}
