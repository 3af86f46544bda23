using System.Reflection;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime;
using PersistedAssemblyBuilder = System.Reflection.Emit.PersistedAssemblyBuilder;

namespace Evergrain.Embedded.Tests.World;

/// <summary>Modules of this process as packages, without load contexts; what is loaded and what was let go is counted.</summary>
internal sealed class FakeLoader(OneThread run) : IModuleLoader
{
    readonly OneThread thread = run;
    static readonly byte[] EmptyAssembly = Emit();

    /// <summary>Loaded and not let go, over all silos.</summary>
    public List<ModuleDefinition> Loaded { get; } = [];

    /// <summary>Throws for a package that this test wants refused.</summary>
    public Action<ModuleManifest> Loads { get; set; } = static _ => { };

    public static byte[] Pack(Action<ModuleBuilder> configure, string name, string version)
    {
        var manifest = ManifestBuilder.Describe(Define(configure, name, version), typeof(GameModule), new Dictionary<string, string>());
        return PackageWriter.Write(manifest with { EntryAssembly = "Fake", EntryType = "Fake.Module" }, new Dictionary<string, byte[]> { ["lib/Fake.dll"] = EmptyAssembly });
    }

    public ILoadedModule Load(PackageContents package)
    {
        thread.Check("Load");
        Loads(package.Manifest);
        var definition = Define(Game.GameVersions.Configure(package.Manifest.Id), package.Manifest.Name, package.Manifest.Version);
        Loaded.Add(definition);
        return new LoadedModule(this, definition);
    }

    static ModuleDefinition Define(Action<ModuleBuilder> configure, string name, string version)
    {
        var builder = new ModuleBuilder(name, version);
        configure(builder);
        return builder.Build();
    }

    static byte[] Emit()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Fake"), typeof(object).Assembly);
        assembly.DefineDynamicModule("Fake");
        using var bytes = new MemoryStream();
        assembly.Save(bytes);
        return bytes.ToArray();
    }

    sealed class LoadedModule(FakeLoader loader, ModuleDefinition definition) : ILoadedModule
    {
        public ModuleDefinition Definition => definition;

        public WeakReference Unload()
        {
            loader.thread.Check("Unload");
            Assert.True(loader.Loaded.Remove(definition), "A module is let go once.");
            return new WeakReference(null);
        }
    }
}
