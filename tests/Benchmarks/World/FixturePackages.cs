using Evergrain.ModulePackaging;

namespace Evergrain.Benchmarks.World;

/// <summary>The packages that the fixture projects were built into.</summary>
internal static class FixturePackages
{
    /// <summary>Every version of a module, by file name.</summary>
    public static IReadOnlyList<byte[]> Of(string module)
    {
        var files = Directory.GetFiles(Folder(), $"{module}-*{PackageLayout.Extension}").Order(StringComparer.Ordinal).ToArray();
        return files.Length > 0 ? [.. files.Select(File.ReadAllBytes)]
            : throw new InvalidOperationException($"There is no package of {module}: build the benchmarks, which builds the fixtures.");
    }

    // artifacts/bin/<project>/<configuration> → artifacts/fixtures
    static string Folder() => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "fixtures"));
}
