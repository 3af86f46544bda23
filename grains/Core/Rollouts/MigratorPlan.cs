using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>Which versions a release keeps loadable although they do not serve: those that served before and whose slices have schemas or
/// steps other than the new version's, so that stored records may carry them or need them. Pure.</summary>
public static class MigratorPlan
{
    /// <summary>The newest of each module; an entity whose schema is older still is quarantined when it wakes.</summary>
    public const int LimitPerModule = 8;

    /// <param name="served">What served until now, newest first: the release's packages, then its migrators.</param>
    public static IReadOnlyList<PackageRef> Of(IReadOnlyList<ReleasePackage> next, IReadOnlyList<ReleasePackage> served)
    {
        var serving = next.ToDictionary(package => package.Ref.Name, StringComparer.Ordinal);
        var named = new List<PackageRef>();
        foreach (var module in served.GroupBy(package => package.Ref.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var covered = new HashSet<string> { "" };
            if (serving.TryGetValue(module.Key, out var now)) covered.Add(Schemas(now));
            named.AddRange(module.Where(package => covered.Add(Schemas(package))).Take(LimitPerModule).Select(package => package.Ref));
        }
        return named;
    }

    static string Schemas(ReleasePackage package) =>
        string.Join(' ', package.Slices.Select(slice => $"{slice.Kind}:{slice.Schema}:{string.Join(',', slice.Steps.Order())}").Order(StringComparer.Ordinal));
}
