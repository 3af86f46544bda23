using System.Reflection;
using System.Xml.Linq;

namespace Evergrain.Architecture.Tests;

/// <summary>The projects of the repository, read from their files.</summary>
static class House
{
    public static string Root { get; } = typeof(House).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;

    /// <summary>Folder of each project, such as <c>grains/Core</c>, and the folders that it references.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> References { get; } = Projects()
        .ToDictionary(Folder, IReadOnlySet<string> (project) => Referenced(project).Select(Folder).ToHashSet());

    public static IEnumerable<string> Projects() => new[] { "interfaces", "grains", "silo", "client", "tests" }
        .Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories))
        .Where(path => !IsBuildOutput(path));

    public static IEnumerable<string> Sources() => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories).Where(path => !IsBuildOutput(path));

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    public static bool IsBuildOutput(string path) =>
        Relative(path).Split('/') is { } parts && (parts[0] == "artifacts" || parts.Contains("obj") || parts.Contains("bin"));

    static string Folder(string project) => Relative(Path.GetDirectoryName(project)!);

    // A reference with ReferenceOutputAssembly=false only says what is built first.
    static IEnumerable<string> Referenced(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
        .Select(reference => ((string)reference.Attribute("Include")!).Replace("$(RepositoryRoot)", Root))
        .Select(path => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project)!, path.Replace('\\', '/'))));
}
