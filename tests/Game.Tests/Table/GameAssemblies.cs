using System.Runtime.Loader;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests.Table;

/// <summary>The built modules of the sample game, each loaded in a context of its own as a silo does.</summary>
static class GameAssemblies
{
    public static readonly IReadOnlyDictionary<string, string> Projects = new Dictionary<string, string>
    {
        ["battle@1.0.0"] = "Battle.V1.0.0/Battle.dll",
        ["battle@1.1.0"] = "Battle.V1.1.0/Battle.dll",
        ["battle@2.0.0"] = "Battle.V2.0.0/Battle.dll",
        ["lobby@1.0.0"] = "Lobby/Lobby.dll",
        ["player@1.0.0"] = "Player/Player.dll",
        ["quest@1.0.0"] = "Quest/Quest.dll",
        ["wallet@1.0.0"] = "Wallet/Wallet.dll",
    };

    public static TheoryData<string> All => [.. Projects.Keys];

    public static ModuleDefinition Load(string module)
    {
        var (project, file) = (Path.GetDirectoryName(Projects[module])!, Path.GetFileName(Projects[module]));
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, file);
        var assembly = new AssemblyLoadContext(module).LoadFromAssemblyPath(path);
        var type = Assert.Single(assembly.GetExportedTypes(), type => type.IsSubclassOf(typeof(GameModule)));
        var builder = new ModuleBuilder(module.Split('@')[0], module.Split('@')[1]);
        ((GameModule)Activator.CreateInstance(type)!).Configure(builder);
        return builder.Build();
    }
}
