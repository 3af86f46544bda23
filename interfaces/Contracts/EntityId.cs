using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Evergrain.Contracts;

/// <summary>Names a game object by kind and key, written <c>battle/room-17</c>.</summary>
/// <remarks>
/// A kind is 1 to 32 characters: a lower-case letter, then lower-case letters, digits or <c>-</c>.
/// A key is 1 to 128 characters: ASCII letters, digits or <c>- _ . : @ ~ +</c>, so that it needs no escaping in a URL path or a log line.
/// </remarks>
[JsonConverter(typeof(EntityIdJsonConverter))]
public readonly record struct EntityId
{
    public const int MaxKindLength = 32;
    public const int MaxKeyLength = 128;

    /// <exception cref="FormatException">Kind or key is outside the ranges above.</exception>
    public EntityId(string kind, string key)
    {
        if (!IsKind(kind)) throw new FormatException($"'{kind}' is not an entity kind: 1 to {MaxKindLength} characters, a lower-case letter, then lower-case letters, digits or '-'.");
        if (!IsKey(key)) throw new FormatException($"'{key}' is not an entity key: 1 to {MaxKeyLength} ASCII letters, digits or - _ . : @ ~ +.");
        Kind = kind;
        Key = key;
    }

    public string Kind { get; }
    public string Key { get; }

    /// <exception cref="FormatException">The text is not <c>kind/key</c>.</exception>
    public static EntityId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not an entity id: write it kind/key, as in battle/room-17.");

    public static bool TryParse([NotNullWhen(true)] string? text, out EntityId id)
    {
        id = default;
        var slash = text?.IndexOf('/') ?? -1;
        return slash > 0 && TryCreate(text![..slash], text[(slash + 1)..], out id);
    }

    public static bool TryCreate(string? kind, string? key, out EntityId id)
    {
        id = default;
        if (!IsKind(kind) || !IsKey(key)) return false;
        id = new EntityId(kind!, key!);
        return true;
    }

    public override string ToString() => $"{Kind}/{Key}";

    // Kinds are few and keys many: the key alone spreads well enough, at half the cost.
    public override int GetHashCode() => Key is null ? 0 : Key.GetHashCode();

    public static bool IsKind([NotNullWhen(true)] string? kind)
    {
        if (kind is null || kind.Length is 0 or > MaxKindLength || !char.IsAsciiLetterLower(kind[0])) return false;
        foreach (var c in kind)
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
        return true;
    }

    public static bool IsKey([NotNullWhen(true)] string? key)
    {
        if (key is null || key.Length is 0 or > MaxKeyLength) return false;
        foreach (var c in key)
            if (!char.IsAsciiLetterOrDigit(c) && !"-_.:@~+".Contains(c)) return false;
        return true;
    }
}

internal sealed class EntityIdJsonConverter : JsonConverter<EntityId>
{
    public override EntityId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EntityId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("An entity id is written kind/key, as in battle/room-17.");

    public override void Write(Utf8JsonWriter writer, EntityId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
