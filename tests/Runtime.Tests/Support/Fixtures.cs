using System.Reflection;

namespace Evergrain.Runtime.Tests.Support;

/// <summary>What the fixture projects were built to.</summary>
internal static class Fixtures
{
    public static string RepositoryRoot => Metadata("RepositoryRoot");
    public static string Configuration => Metadata("Configuration");

    public static byte[] Package(string name, string version) =>
        File.ReadAllBytes(Path.Combine(Metadata("FixturePackages"), $"{name}-{version}.gmod"));

    /// <summary>A package of the sample game.</summary>
    public static byte[] Game(string name, string version) => File.ReadAllBytes(Path.Combine(Metadata("GamePackages"), $"{name}-{version}.gmod"));

    /// <summary>The assembly of a fixture project, such as <c>Bad.Timer</c>.</summary>
    public static byte[] Assembly(string project) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "fixtures", project + ".dll"));

    static string Metadata(string key) => typeof(Fixtures).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
