using Evergrain.Contracts;

namespace Evergrain.Bots.Judging;

/// <summary>Judges the damage of each reply by the version that the reply names (P3, seen from outside). Thread-safe.</summary>
public sealed class DamageOracle(Examples examples)
{
    readonly Lock gate = new();
    readonly SortedDictionary<string, long> byVersion = new(StringComparer.Ordinal);
    long wrong, unknown;

    public void Judge(string room, string skill, ModuleId version, int damage)
    {
        var expected = DamageTable.Of(version, skill);
        lock (gate)
        {
            byVersion[version.ToString()] = byVersion.GetValueOrDefault(version.ToString()) + 1;
            if (expected is null) unknown++;
            else if (expected != damage) wrong++;
            else return;
        }
        if (expected is not null) examples.Add($"wrong-damage: {skill} in {room} did {damage}, but {version} does {expected}");
    }

    public DamageTotals Totals()
    {
        lock (gate) return new(wrong, unknown, new SortedDictionary<string, long>(byVersion, StringComparer.Ordinal));
    }
}

/// <param name="Wrong">Replies whose damage is not that of the version that they name.</param>
/// <param name="Unknown">Replies of a version that the bots' table does not have: not judged.</param>
/// <param name="ByVersion">Casts by the version that answered.</param>
public sealed record DamageTotals(long Wrong, long Unknown, IReadOnlyDictionary<string, long> ByVersion);
