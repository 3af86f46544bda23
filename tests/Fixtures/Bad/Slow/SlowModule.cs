using Evergrain.ModuleSdk;

namespace Bad.Slow;

/// <summary>Configure comes back long after the silo gave it up.</summary>
public sealed class SlowModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        lock (module) Monitor.Wait(module, TimeSpan.FromSeconds(2));
    }
}
