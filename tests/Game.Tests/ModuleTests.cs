using System.Text.RegularExpressions;
using Evergrain.Game.Tests.Table;

namespace Evergrain.Game.Tests;

public sealed partial class ModuleTests
{
    [Theory, MemberData(nameof(GameAssemblies.All), MemberType = typeof(GameAssemblies))]
    public void Every_module_is_configured_without_findings(string module)
    {
        var definition = GameAssemblies.Load(module);
        Assert.Equal(module, $"{definition.Name}@{definition.Version}");
        Assert.All(definition.Slices, slice => Assert.NotEmpty(slice.Operations));
    }

    [Fact]
    public void Whatever_a_module_uses_another_one_offers()
    {
        var all = GameAssemblies.Projects.Keys.Select(GameAssemblies.Load).ToArray();
        var offered = all.SelectMany(module => module.Slices).SelectMany(slice => slice.Operations.Keys).ToHashSet();
        Assert.All(all.SelectMany(module => module.Uses), operation => Assert.Contains(operation, offered));
    }

    [Fact]
    public void Every_kind_has_one_owner()
    {
        var latest = GameAssemblies.Projects.Keys.Where(module => !module.StartsWith("battle@1", StringComparison.Ordinal)).Select(GameAssemblies.Load);
        var owned = latest.SelectMany(module => module.Slices).Where(slice => slice.Owner is not null).Select(slice => slice.Kind).Order();
        Assert.Equal(["battle", "lobby", "player", "wallet"], owned);
    }

    [Fact]
    public void Modules_reference_the_module_sdk_only()
    {
        foreach (var project in Directory.EnumerateFiles(Path.Combine(RepositoryRoot(), "grains", "Game"), "*.csproj", SearchOption.AllDirectories))
            Assert.All(Reference().Matches(File.ReadAllText(project)), match => Assert.EndsWith("Evergrain.ModuleSdk.csproj", match.Groups[1].Value));
    }

    static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "global.json"))) folder = folder.Parent!;
        return folder.FullName;
    }

    [GeneratedRegex("<(?:Project|Package)?Reference Include=\"([^\"]+)\"")]
    private static partial Regex Reference();
}
