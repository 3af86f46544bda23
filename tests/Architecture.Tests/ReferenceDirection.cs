namespace Evergrain.Architecture.Tests;

/// <summary>References run one way: hosts → grains → silo/Runtime → interfaces, and clients → interfaces.</summary>
public class ReferenceDirection
{
    /// <summary>What each project may reference. A project that is not named here has not found its place in the house.</summary>
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["interfaces/Contracts"] = [],
        ["interfaces/ModuleSdk"] = ["interfaces/Contracts"],
        ["interfaces/ModulePackaging"] = ["interfaces/ModuleSdk"],
        ["silo/Runtime"] = ["interfaces/ModuleSdk", "interfaces/ModulePackaging"],
        ["grains/Core"] = ["silo/Runtime"],
        ["silo/Embedded"] = ["grains/Core"],
        ["silo/Stores/Sql"] = ["grains/Core"],
        ["silo/Stores/Sqlite"] = ["silo/Stores/Sql"],
        ["silo/Stores/Postgres"] = ["silo/Stores/Sql"],
        ["silo/Host"] = ["silo/Embedded", "silo/Stores/Sqlite", "silo/Stores/Postgres", "client/Gateway", "client/Bots"],
        ["client/Sdk"] = ["interfaces/Contracts"],
        ["client/Gateway"] = ["interfaces/Contracts"],
        ["client/Bots"] = ["client/Sdk", "interfaces/Contracts"],
        ["client/Cli"] = ["interfaces/Contracts", "interfaces/ModulePackaging", "client/Bots"],
    };

    [Fact]
    public void Every_project_references_only_what_stands_below_it()
    {
        var wrong = House.References.Where(project => IsOfTheHouse(project.Key))
            .SelectMany(project => project.Value.Where(target => !MayReference(project.Key, target)).Select(target => $"{project.Key} -> {target}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_project_has_its_place()
    {
        var unplaced = House.References.Keys.Where(folder => IsOfTheHouse(folder) && !IsGame(folder) && !Allowed.ContainsKey(folder));
        Assert.Empty(unplaced);
    }

    [Fact]
    public void Nothing_but_tests_references_a_game_module()
    {
        var wrong = House.References.Where(project => IsOfTheHouse(project.Key))
            .SelectMany(project => project.Value.Where(IsGame).Select(target => $"{project.Key} -> {target}"));
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_rule_has_something_to_look_at()
    {
        Assert.Contains("interfaces/Contracts", House.References["interfaces/ModuleSdk"]);
        Assert.Contains(House.References.Keys, IsGame);
    }

    static bool MayReference(string project, string target) =>
        IsGame(project) ? target == "interfaces/ModuleSdk" : Allowed.TryGetValue(project, out var allowed) && allowed.Contains(target);

    static bool IsGame(string folder) => folder.StartsWith("grains/Game/", StringComparison.Ordinal);
    static bool IsOfTheHouse(string folder) => !folder.StartsWith("tests/", StringComparison.Ordinal);
}
