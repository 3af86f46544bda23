using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evergrain.Architecture.Tests;

/// <summary>Limits that only ever get tighter.</summary>
public partial class Tidiness
{
    const int MaxLines = 300;

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        var sources = House.Sources().ToArray();
        Assert.NotEmpty(sources);
        Assert.Empty(sources.Where(path => File.ReadLines(path).Count() > MaxLines).Select(House.Relative));
    }

    [Fact]
    public void No_catch_is_empty_and_nothing_is_left_for_later()
    {
        var wrong = House.Sources().Where(path => !path.EndsWith("Tidiness.cs", StringComparison.Ordinal))
            .Where(path => Unfinished().IsMatch(File.ReadAllText(path))).Select(House.Relative);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Time_threads_and_chance_are_injected_where_a_simulator_must_reach()
    {
        foreach (var project in new[] { "interfaces/Contracts", "interfaces/ModuleSdk", "silo/Runtime", "grains/Core", "silo/Embedded", "silo/Stores/Sql", "silo/Stores/Sqlite", "silo/Stores/Postgres" })
        {
            var file = Directory.EnumerateFiles(Path.Combine(House.Root, project), "*.csproj").Single();
            Assert.Contains("<InjectedWorld>true</InjectedWorld>", File.ReadAllText(file));
        }
    }

    [Fact]
    public void The_solution_holds_every_project_and_the_embedded_filter_all_that_need_no_Orleans()
    {
        var solution = File.ReadAllText(Path.Combine(House.Root, "Orleans.sln")).Replace('\\', '/');
        using var filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(House.Root, "Embedded.slnf")));
        var embedded = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(path => path.GetString()!.Replace('\\', '/')).ToHashSet();
        foreach (var project in House.Projects().Select(House.Relative))
        {
            Assert.Contains($"\"{project}\"", solution);
            var needsOrleans = File.ReadAllText(Path.Combine(House.Root, project)).Contains("Microsoft.Orleans");
            Assert.Equal(!needsOrleans, embedded.Contains(project));
        }
    }

    [GeneratedRegex(@"NotImplementedException|\bTODO\b|\bFIXME\b|Thread\.Sleep|catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex Unfinished();
}
