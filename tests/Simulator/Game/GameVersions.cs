using System.Reflection;
using System.Text;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using PersistedAssemblyBuilder = System.Reflection.Emit.PersistedAssemblyBuilder;

namespace Evergrain.Simulator.Game;

/// <summary>The versions that a run rolls out. Their packages are right in all but their code, which stands in this process.</summary>
internal static class GameVersions
{
    static readonly Dictionary<ModuleId, Action<ModuleBuilder>> modules = new()
    {
        [new("wallet", "1.0.0")] = WalletOne.Configure, [new("wallet", "1.1.0")] = Wallet<OneOne>.Configure, [new("wallet", "2.0.0")] = WalletTwo.Configure,
        [new("room", "1.0.0")] = Room<One>.Configure, [new("room", "1.1.0")] = Room<OneOne>.Configure, [new("room", "2.0.0")] = RoomTwo.Configure,
        [new("badge", "1.0.0")] = Badge<One>.Configure, [new("badge", "1.1.0")] = Badge<OneOne>.Configure,
    };

    static readonly Dictionary<ModuleId, ModuleDefinition> definitions = modules.ToDictionary(module => module.Key, module => Define(module.Key, module.Value));

    public static readonly ModuleId[] First = [new("wallet", "1.0.0"), new("room", "1.0.0"), new("badge", "1.0.0"), new("tuning", "1.0.0")];

    /// <summary>Every version of every module and data set, packed.</summary>
    public static IReadOnlyList<byte[]> Packages { get; } = [.. modules.Select(module => Pack(module.Key)), .. new[] { 1, 2, 3 }.Select(PackTuning)];

    /// <summary>Made once: it says what a module does, and holds nothing.</summary>
    public static ModuleDefinition Definition(ModuleId id) => definitions[id];

    /// <summary>The schema of the states that a version keeps.</summary>
    public static int Schema(ModuleId id) => id.Name is "wallet" or "room" && id.Version == "2.0.0" ? 2 : 1;

    static ModuleDefinition Define(ModuleId id, Action<ModuleBuilder> configure)
    {
        var builder = new ModuleBuilder(id.Name, id.Version);
        configure(builder);
        return builder.Build();
    }

    static byte[] Pack(ModuleId id)
    {
        var manifest = ManifestBuilder.Describe(Definition(id), typeof(GameModule), new Dictionary<string, string>());
        return PackageWriter.Write(manifest with { EntryAssembly = "Simulated", EntryType = "Simulated.Module" }, new Dictionary<string, byte[]> { ["lib/Simulated.dll"] = EmptyAssembly() });
    }

    static byte[] PackTuning(int number) => PackageWriter.Write(
        new ModuleManifest { Type = PackageType.Data, Name = "tuning", Version = $"{number}.0.0" },
        new Dictionary<string, byte[]> { [PackageLayout.Data] = Encoding.UTF8.GetBytes($$"""{"number":{{number}}}""") });

    static byte[] EmptyAssembly()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Simulated"), typeof(object).Assembly);
        assembly.DefineDynamicModule("Simulated");
        using var bytes = new MemoryStream();
        assembly.Save(bytes);
        return bytes.ToArray();
    }
}

/// <summary>Names a version of code that is otherwise the same.</summary>
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
