using Evergrain.ModuleSdk;

namespace Bad.Configure;

/// <summary>An exception of the module's own type: whoever kept it would keep the module's code.</summary>
public sealed class OwnException(string message) : Exception(message);

public sealed class ThrowingModule : GameModule
{
    public override void Configure(ModuleBuilder module) => throw new OwnException("no luck today");
}
