using Evergrain.Contracts;

namespace Evergrain.Bots.Judging;

/// <summary>The bots' own copy of the game's numbers: damage is a function of skill and version, so a reply whose damage does not
/// match the version that it names was run by another version, or by two.</summary>
public static class DamageTable
{
    /// <summary>Cooldowns in frames, the same in every version; the longest first.</summary>
    public static IReadOnlyList<string> Skills { get; } = ["lightning", "fireball", "strike"];

    /// <summary>Null for a version or skill that the bots do not know: then a reply cannot be judged.</summary>
    public static int? Of(ModuleId version, string skill) => (version.Name, version.Version, skill) switch
    {
        ("battle", "1.0.0", "strike") => 5,
        ("battle", "1.0.0", "fireball") => 10,
        ("battle", "1.0.0", "lightning") => 18,
        ("battle", "1.1.0", "strike") => 6,
        ("battle", "1.1.0", "fireball") => 12,
        ("battle", "1.1.0", "lightning") => 21,
        ("battle", "2.0.0", "strike") => 7,
        ("battle", "2.0.0", "fireball") => 15,
        ("battle", "2.0.0", "lightning") => 25,
        _ => null,
    };
}
