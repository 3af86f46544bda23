using System.Text.RegularExpressions;

namespace Evergrain.ModulePackaging;

/// <summary>A SemVer 2.0 version, ordered by its rules; build metadata does not count.</summary>
public sealed partial class SemanticVersion : IComparable<SemanticVersion>
{
    readonly ulong[] numbers;
    readonly string[] preRelease;

    SemanticVersion(ulong[] numbers, string[] preRelease) => (this.numbers, this.preRelease) = (numbers, preRelease);

    public static SemanticVersion? TryParse(string? text)
    {
        if (text is null || text.Length > 64 || Grammar().Match(text) is not { Success: true } match) return null;
        var numbers = new ulong[3];
        for (var i = 0; i < 3; i++)
            if (!ulong.TryParse(match.Groups[i + 1].ValueSpan, out numbers[i])) return null;
        return new SemanticVersion(numbers, match.Groups[4].Success ? match.Groups[4].Value.Split('.') : []);
    }

    /// <summary>Orders two texts by SemVer; a text that is no version comes first.</summary>
    public static int Compare(string left, string right) => (TryParse(left), TryParse(right)) switch
    {
        (null, null) => string.CompareOrdinal(left, right),
        (null, _) => -1,
        ({ } parsed, var other) => parsed.CompareTo(other),
    };

    public int CompareTo(SemanticVersion? other)
    {
        if (other is null) return 1;
        for (var i = 0; i < 3; i++)
            if (numbers[i].CompareTo(other.numbers[i]) is not 0 and var order) return order;
        if (preRelease.Length == 0 || other.preRelease.Length == 0) return other.preRelease.Length.CompareTo(preRelease.Length) switch { > 0 => 1, < 0 => -1, _ => 0 };
        for (var i = 0; i < Math.Min(preRelease.Length, other.preRelease.Length); i++)
            if (CompareIdentifiers(preRelease[i], other.preRelease[i]) is not 0 and var order) return order;
        return preRelease.Length.CompareTo(other.preRelease.Length);
    }

    // Numbers come before words and count as numbers; their text may exceed every integer type.
    static int CompareIdentifiers(string left, string right)
    {
        var (leftIsNumber, rightIsNumber) = (left.All(char.IsAsciiDigit), right.All(char.IsAsciiDigit));
        if (leftIsNumber != rightIsNumber) return leftIsNumber ? -1 : 1;
        if (leftIsNumber && left.Length != right.Length) return left.Length.CompareTo(right.Length);
        return string.CompareOrdinal(left, right);
    }

    [GeneratedRegex(@"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:-((?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Grammar();
}
