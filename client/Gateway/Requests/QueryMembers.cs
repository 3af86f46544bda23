using System.Globalization;
using Evergrain.Contracts;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Requests;

/// <summary>Reads the parameters of a query and notes everything that is wrong, so that a caller hears it all at once.</summary>
internal sealed class QueryMembers(IQueryCollection query, List<Finding> findings)
{
    readonly List<string> known = [];

    public string? Kind(string name)
    {
        if (Take(name) is not { } text) return null;
        if (EntityId.IsKind(text)) return text;
        Note(name, $"'{text}' is not an entity kind.", "Send a kind such as battle, or leave it out.");
        return null;
    }

    public EntityId? Entity(string name)
    {
        if (Take(name) is not { } text) return null;
        if (EntityId.TryParse(text, out var id)) return id;
        Note(name, $"'{text}' is not an entity id.", "Send what the page before gave as 'next', such as battle/room-17.");
        return null;
    }

    public ModuleId? Module(string name)
    {
        if (Take(name) is not { } text) return null;
        var at = text.IndexOf('@');
        if (at > 0 && at < text.Length - 1 && EntityId.IsKind(text[..at])) return new ModuleId(text[..at], text[(at + 1)..]);
        Note(name, $"'{text}' is not a module version.", "Send name@version, such as battle@1.1.0, or leave it out.");
        return null;
    }

    public long Number(string name, long least, long most, long otherwise)
    {
        if (Take(name) is not { } text) return otherwise;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Note(name, $"'{text}' is not a number from {least} to {most}.", $"Send a whole number, or leave it out for {otherwise}.");
        return otherwise;
    }

    /// <summary>One of an enumeration's names, in lower case; its first where it is left out.</summary>
    public T OneOf<T>(string name) where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(known => known.ToLowerInvariant()).ToArray();
        if (Take(name) is not { } text) return default;
        if (names.Contains(text)) return Enum.Parse<T>(text, ignoreCase: true);
        Note(name, $"'{text}' is not one of {string.Join(", ", names)}.", $"Send one of them, or leave it out for {names[0]}.");
        return default;
    }

    /// <summary>Call it last: notes every parameter that was not taken.</summary>
    public void NothingElse()
    {
        foreach (var name in query.Keys.Except(known, StringComparer.OrdinalIgnoreCase))
            Note(name, $"There is no parameter '{name}'.", $"The parameters are {string.Join(", ", known)}.");
    }

    string? Take(string name)
    {
        known.Add(name);
        if (query[name].Count > 1) Note(name, $"'{name}' is there {query[name].Count} times.", "Send it once.");
        return query[name].Count == 1 ? query[name][0] : null;
    }

    void Note(string name, string wrong, string next) => findings.Add(new Finding(ErrorCodes.BadRequest, name, wrong, next));
}
