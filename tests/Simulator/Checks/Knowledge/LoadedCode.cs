using Evergrain.Contracts;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks.Knowledge;

/// <summary>Which code each life of a silo has loaded, and how often: a version may be loaded anew while the last of it goes.</summary>
internal sealed class LoadedCode
{
    readonly Dictionary<(int Life, ModuleId Module), int> loaded = [];

    public int Count(int life, ModuleId module) => loaded.GetValueOrDefault((life, module));

    public IEnumerable<ModuleId> Of(int life) => loaded.Where(code => code.Key.Life == life && code.Value > 0).Select(code => code.Key.Module);

    public void See(CodeMoved moved)
    {
        if (moved.Move is CodeMove.Loaded) loaded[(moved.Life, moved.Module)] = Count(moved.Life, moved.Module) + 1;
        if (moved.Move is CodeMove.Unloaded) loaded[(moved.Life, moved.Module)] = Count(moved.Life, moved.Module) - 1;
    }
}
