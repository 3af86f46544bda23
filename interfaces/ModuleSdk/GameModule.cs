namespace Evergrain.ModuleSdk;

/// <summary>A unit of game logic. Derive once per assembly, with a parameterless constructor; the silo calls <see cref="Configure"/>
/// once per loaded version, off the game's threads.</summary>
/// <remarks>Keep no state in the module, in statics or in closures: what an entity knows lives in its slice, as data.
/// Static fields that change, timers, threads and free tasks are refused when the package is prepared, because they would keep
/// an old version's code alive.</remarks>
public abstract class GameModule
{
    public abstract void Configure(ModuleBuilder module);
}
