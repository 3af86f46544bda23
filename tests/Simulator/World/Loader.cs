using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using Evergrain.Simulator.Game;

namespace Evergrain.Simulator.World;

/// <summary>Brings the game's modules into one silo without load contexts: real unloading is proved elsewhere. What is loaded is known, so that
/// code which runs before or after is seen.</summary>
internal sealed class Loader(string silo, Weather weather, Action<string, ModuleId, bool> moved) : IModuleLoader
{
    readonly List<WeakReference> holding = [];

    /// <summary>Loaded and not let go.</summary>
    public List<ModuleId> Loaded { get; } = [];

    /// <exception cref="FindingsException">The weather has it so.</exception>
    public ILoadedModule Load(PackageContents package)
    {
        var id = package.Manifest.Id;
        if (weather.Strikes(FaultKind.PrepareFails, silo, $"load {id}")) throw new FindingsException(ErrorCodes.BadPackage, $"{id} cannot be loaded on {silo}.", "Try again.");
        Loaded.Add(id);
        moved(silo, id, true);
        return new Module(this, id);
    }

    /// <summary>Whatever held code lets go.</summary>
    public void LetGo()
    {
        foreach (var held in holding) held.Target = null;
        holding.Clear();
    }

    WeakReference Unload(ModuleId id)
    {
        Loaded.Remove(id);
        moved(silo, id, false);
        if (!weather.Strikes(FaultKind.CodeHeld, silo, $"unload {id}")) return new WeakReference(null);
        var held = new WeakReference(this);
        holding.Add(held);
        return held;
    }

    sealed class Module(Loader loader, ModuleId id) : ILoadedModule
    {
        public ModuleDefinition Definition { get; } = GameVersions.Definition(id);
        public WeakReference Unload() => loader.Unload(id);
    }
}
