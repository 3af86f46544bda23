using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.World;

/// <summary>Brings the game's modules into one silo without load contexts: real unloading is proved elsewhere. What is loaded is known, so that
/// code which runs before or after is seen.</summary>
internal sealed class Loader(string silo, Weather weather, Action<ModuleId, CodeMove> moved) : IModuleLoader
{
    readonly List<(ModuleId Code, WeakReference Held)> holding = [];

    /// <summary>Loaded and not let go.</summary>
    public List<ModuleId> Loaded { get; } = [];

    /// <exception cref="FindingsException">The weather has it so.</exception>
    public ILoadedModule Load(PackageContents package)
    {
        var id = package.Manifest.Id;
        if (weather.Strikes(FaultKind.PrepareFails, silo, $"load {id}")) throw new FindingsException(ErrorCodes.BadPackage, $"{id} cannot be loaded on {silo}.", "Try again.");
        Loaded.Add(id);
        moved(id, CodeMove.Loaded);
        return new Module(this, id);
    }

    /// <summary>Whatever held code lets go.</summary>
    public void LetGo()
    {
        foreach (var (code, held) in holding)
        {
            held.Target = null;
            moved(code, CodeMove.LetGo);
        }
        holding.Clear();
    }

    WeakReference Unload(ModuleId id)
    {
        Loaded.Remove(id);
        moved(id, CodeMove.Unloaded);
        if (!weather.Strikes(FaultKind.CodeHeld, silo, $"unload {id}")) return new WeakReference(null);
        var held = new WeakReference(this);
        holding.Add((id, held));
        moved(id, CodeMove.Held);
        return held;
    }

    sealed class Module(Loader loader, ModuleId id) : ILoadedModule
    {
        public ModuleDefinition Definition { get; } = GameVersions.Definition(id);
        public WeakReference Unload() => loader.Unload(id);
    }
}
