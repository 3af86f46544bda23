using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModuleSdk;

/// <summary>Whether the way to a secret leads somewhere: one that is misspelt would hide nothing. Pure.</summary>
internal static class SecretPath
{
    /// <summary>Null when the state has such a member.</summary>
    public static string? WhyNot(string path, JsonTypeInfo state)
    {
        var at = state;
        foreach (var name in path.Split('.'))
        {
            at = ThroughArrays(at);
            var next = at.Kind switch
            {
                JsonTypeInfoKind.Object when at.Properties.FirstOrDefault(property => property.Name == name) is { } found => found.PropertyType,
                JsonTypeInfoKind.Dictionary when name == "*" => at.ElementType,
                _ => null,
            };
            if (next is null) return $"{at.Type.Name} has no member '{name}'{Members(at)}.";
            if (!at.Options.TryGetTypeInfo(next, out var following)) return null;
            at = following;
        }
        return null;
    }

    static JsonTypeInfo ThroughArrays(JsonTypeInfo at)
    {
        while (at is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && at.Options.TryGetTypeInfo(element, out var inner)) at = inner;
        return at;
    }

    static string Members(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => $"; it has {string.Join(", ", type.Properties.Select(property => property.Name))}",
        JsonTypeInfoKind.Dictionary => "; write '*' for every member of a dictionary",
        _ => "",
    };
}
