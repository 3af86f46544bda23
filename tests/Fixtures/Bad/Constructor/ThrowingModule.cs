using Evergrain.ModuleSdk;

namespace Bad.Constructor;

public sealed class ThrowingModule : GameModule
{
    public ThrowingModule() => throw new InvalidOperationException("not built today");

    public override void Configure(ModuleBuilder module) { }
}
