using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Requests;

/// <summary>Takes the members out of a JSON object one by one and notes everything that is wrong, so that a caller hears it all at once.</summary>
internal sealed class BodyMembers
{
    readonly List<Finding> findings;
    readonly string path;
    readonly Dictionary<string, JsonElement> left = [];
    readonly List<string> known = [];

    /// <param name="path">Where the object stands in the body, such as <c>modules[0].</c>.</param>
    public BodyMembers(JsonElement body, List<Finding> findings, string path = "")
    {
        this.findings = findings;
        this.path = path;
        if (body.ValueKind != JsonValueKind.Object)
        {
            Note("", $"is {Named(body.ValueKind)}, not an object.", "Send a JSON object.");
            IsObject = false;
            return;
        }
        foreach (var member in body.EnumerateObject())
            if (!left.TryAdd(member.Name, member.Value)) Note(member.Name, "is there twice.", "Send it once.");
    }

    public bool IsObject { get; } = true;

    public string? Text(string name, bool required = false)
    {
        if (Take(name, required, JsonValueKind.String) is not { } value) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            Note(name, "is not valid Unicode.", "Send valid Unicode text.");
            return null;
        }
    }

    public int Number(string name, int least, int most, int otherwise)
    {
        if (Take(name, required: false, JsonValueKind.Number) is not { } value) return otherwise;
        if (value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Note(name, $"is {value.GetRawText()}, outside {least} to {most}.", $"Send a whole number from {least} to {most}.");
        return otherwise;
    }

    public bool Flag(string name) =>
        Take(name, required: false, JsonValueKind.True, JsonValueKind.False)?.ValueKind == JsonValueKind.True;

    public JsonElement? List(string name) => Take(name, required: true, JsonValueKind.Array);

    /// <summary>Call it last: notes every member that was not taken.</summary>
    public void NothingElse()
    {
        foreach (var name in left.Keys)
            Note(name, "is no member of this request.", $"The members are {string.Join(", ", known)}.");
    }

    public void Note(string name, string wrong, string next)
    {
        var where = $"{path}{name}".TrimEnd('.');
        findings.Add(new Finding(ErrorCodes.BadRequest, where, where.Length == 0 ? $"The body {wrong}" : $"'{where}' {wrong}", next));
    }

    JsonElement? Take(string name, bool required, params ReadOnlySpan<JsonValueKind> kinds)
    {
        known.Add(name);
        if (!left.Remove(name, out var value) || (value.ValueKind == JsonValueKind.Null && !required))
        {
            if (required && IsObject) Note(name, "is missing.", "Add it.");
            return null;
        }
        if (kinds.Contains(value.ValueKind)) return value;
        Note(name, $"is {Named(value.ValueKind)}, not {Named(kinds[0])}.", $"Send {Named(kinds[0])}.");
        return null;
    }

    static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
