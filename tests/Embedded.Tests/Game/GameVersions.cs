using Evergrain.Contracts;
using Evergrain.ModuleSdk;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests.Game;

/// <summary>The versions of the small game that the tests play, with their packages.</summary>
internal static class GameVersions
{
    static readonly Dictionary<ModuleId, Action<ModuleBuilder>> versions = new()
    {
        [new("room", "1.0.0")] = Room<One>.Configure,
        [new("room", "1.1.0")] = Room<OneOne>.Configure,
        [new("room", "2.0.0")] = RoomTwo.Configure,
        [new("room", "2.1.0")] = RoomTwo.Forgetful,
        [new("room", "2.2.0")] = RoomTwo.Sticky,
        [new("room", "3.0.0")] = RoomThree.Configure,
        [new("room", "3.1.0")] = static module => RoomThree.Kind(module),
        [new("vault", "1.0.0")] = static module => Vault.Kind(module),
        [new("vault", "1.1.0")] = static module => Vault.Kind(module).Secret("code", "keys.*.teeth", "notes.text"),
        [new("bank", "1.0.0")] = Bank<One>.Configure,
        [new("bank", "1.1.0")] = Bank<OneOne>.Configure,
    };

    static readonly Dictionary<ModuleId, byte[]> packages = versions.ToDictionary(entry => entry.Key, entry => FakeLoader.Pack(entry.Value, entry.Key.Name, entry.Key.Version));

    public static Action<ModuleBuilder> Configure(ModuleId id) => versions[id];
    public static IReadOnlyDictionary<ModuleId, byte[]> Packages => packages;
}

internal interface IVersion
{
    static abstract string Number { get; }
}

internal readonly struct One : IVersion
{
    public static string Number => "1.0.0";
}

internal readonly struct OneOne : IVersion
{
    public static string Number => "1.1.0";
}
