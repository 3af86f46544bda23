namespace Evergrain.ModuleSdk;

/// <summary>The contract between modules and silos. A package names the range it was built for; a silo refuses others.</summary>
public static class SdkContract
{
    /// <summary>Grows when modules built against the SDK need something older silos lack.</summary>
    public const int Current = 1;

    /// <summary>The oldest contract that this SDK still serves.</summary>
    public const int Oldest = 1;
}
