using System.Reflection;
using System.Text.Json;

namespace Evergrain.Simulator.Planted.Tests;

/// <summary>The catalogue of planted bugs as it is written down.</summary>
static class Catalogue
{
    public static string Root { get; } = Metadata("RepositoryRoot");

    /// <summary>Where the assembly is that they are compiled into.</summary>
    public static string PlantedAssembly { get; } = Metadata("PlantedAssembly");

    public static IReadOnlyList<Entry> Bugs { get; } = [.. Directory.EnumerateFiles(Path.Combine(Folder, "Bugs"), "*.bug").Select(Read).OrderBy(bug => bug.Name, StringComparer.Ordinal)];

    /// <summary>The promise that was seen broken in the stored run of each bug.</summary>
    public static IReadOnlyDictionary<string, string> CaughtBy { get; } = ReadCaught();

    static string Folder => Path.Combine(Root, "tests", "Simulator.Planted");

    static Entry Read(string path)
    {
        var lines = File.ReadAllLines(path);
        return new Entry(Path.GetFileNameWithoutExtension(path), Value(lines, "promise: ").Split(", "), Value(lines, "why: "));
    }

    static string Value(string[] lines, string key) => lines.Single(line => line.StartsWith(key, StringComparison.Ordinal))[key.Length..];

    static Dictionary<string, string> ReadCaught()
    {
        using var caught = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "caught.json")));
        return caught.RootElement.EnumerateObject().ToDictionary(bug => bug.Name, bug => bug.Value.GetProperty("promise").GetString()!);
    }

    static string Metadata(string key) => typeof(Catalogue).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;
}

/// <summary>One bug of the catalogue.</summary>
sealed record Entry(string Name, IReadOnlyList<string> Promises, string Why);
