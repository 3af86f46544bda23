using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime;

/// <summary>The port behind which a module's code comes into the process. A simulator has one without load contexts.</summary>
public interface IModuleLoader
{
    /// <summary>Loads and configures a verified module, plays its samples and compiles it. May take long and runs the author's code. Safe from any thread.</summary>
    /// <exception cref="FindingsException">What is wrong, in text; nothing of the module stays loaded.</exception>
    ILoadedModule Load(PackageContents package);
}

/// <summary>A module in the process. Whoever holds this or its definition keeps the code alive.</summary>
public interface ILoadedModule
{
    ModuleDefinition Definition { get; }

    /// <summary>Lets the code go. The answer dies when the last holder has let go too and garbage was collected; drop this object now.</summary>
    WeakReference Unload();
}
