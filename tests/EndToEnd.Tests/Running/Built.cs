using System.Reflection;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>What the build left on the disk.</summary>
internal static class Built
{
    public static string Host => Metadata("HostProgram");
    public static string Cli => Metadata("CliProgram");

    /// <summary>The file of a package of the sample game.</summary>
    public static string GameFile(string name, string version) => Path.Combine(Metadata("GamePackages"), $"{name}-{version}.gmod");

    public static byte[] Game(string name, string version) => File.ReadAllBytes(GameFile(name, version));
    public static byte[] Fixture(string name, string version) => File.ReadAllBytes(Path.Combine(Metadata("FixturePackages"), $"{name}-{version}.gmod"));

    /// <summary>The assembly of a fixture project, such as <c>Bad.Configure</c>.</summary>
    public static byte[] FixtureAssembly(string project) =>
        File.ReadAllBytes(Metadata("FixtureAssemblies").Split(';').Single(file => Path.GetFileNameWithoutExtension(file) == project));

    static string Metadata(string key) => typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}
