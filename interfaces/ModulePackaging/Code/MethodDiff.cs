namespace Evergrain.ModulePackaging;

/// <summary>Which methods differ between two versions.</summary>
public static class MethodDiff
{
    /// <param name="older">Null when the module is new.</param>
    /// <param name="newer">Null when the module goes.</param>
    /// <returns>By name: <c>+ </c> added, <c>- </c> removed, <c>~ </c> changed, as in <c>~ Battle.BattleModule.Cast</c>.</returns>
    public static IReadOnlyList<string> Compare(ModuleManifest? older, ModuleManifest? newer)
    {
        var (before, after) = (older?.Methods ?? Empty, newer?.Methods ?? Empty);
        return [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(method => (before.GetValueOrDefault(method), after.GetValueOrDefault(method)) switch
            {
                (null, _) => $"+ {method}",
                (_, null) => $"- {method}",
                var (was, now) => was == now ? null : $"~ {method}",
            }).OfType<string>()];
    }

    static readonly Dictionary<string, string> Empty = [];
}
