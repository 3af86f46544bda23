using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Evergrain.Simulator.Planted;

/// <summary>The catalogue's stored seeds: for each bug the run that catches it.</summary>
internal static class CaughtFile
{
    static readonly JsonSerializerOptions options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly string folder = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ProjectFolder").Value!;
    static readonly string path = Path.Combine(folder, "caught.json");

    public static SortedDictionary<string, Catch> Read() => File.Exists(path)
        ? new(JsonSerializer.Deserialize<Dictionary<string, Catch>>(File.ReadAllText(path), options)!, StringComparer.Ordinal)
        : new(StringComparer.Ordinal);

    /// <summary>With the table for readers.</summary>
    public static void Write(SortedDictionary<string, Catch> caught)
    {
        File.WriteAllText(path, JsonSerializer.Serialize(caught, options) + "\n");
        File.WriteAllLines(Path.Combine(folder, "BUGS.md"),
        [
            "# The planted bugs, and what catches them", "", "Written by `--all`. A run's number is how many were searched before it.", "",
            "| bug | what is wrong | breaks | caught by | seed | run |", "|---|---|---|---|---|---|",
            .. Bug.All.Select(bug => $"| `{bug.Name}` | {bug.Why} | {string.Join(", ", bug.Promises)} | {(caught.GetValueOrDefault(bug.Name) is { } at ? $"{at.Promise} | {at.Seed} | {at.Run} |" : "not caught | | |")}"),
        ]);
    }
}
