using System.Runtime.CompilerServices;
using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Samples;

namespace Evergrain.Runtime.Loading;

/// <summary>Loads modules for real: each version into a collectible context of its own.</summary>
public sealed class AssemblyModuleLoader : IModuleLoader
{
    public ILoadedModule Load(PackageContents package)
    {
        var context = new ModuleLoadContext(package.Manifest.Id.ToString(), package.Assemblies);
        try
        {
            return new LoadedAssemblies(context, Configure(context, package));
        }
        catch (Exception wrong)
        {
            context.Unload();
            // A new exception: the one that was caught may hold the module's frames, or be of a type of its own.
            throw wrong is FindingsException findings
                ? new FindingsException(findings.Code, findings.Message, findings.Next, [.. findings.Findings.Select(finding => finding with { Module = package.Manifest.Id.ToString() })])
                : Failed(package.Manifest, $"{wrong.GetType().FullName}: {wrong.Message}");
        }
    }

    static ModuleDefinition Configure(ModuleLoadContext context, PackageContents package)
    {
        var manifest = package.Manifest;
        var entry = ModuleEntry.Find(context.LoadOwn(manifest.EntryAssembly!));
        var definition = ModuleEntry.Configure(entry, manifest.Name, manifest.Version);
        var findings = DefinitionCheck.Compare(manifest, entry, definition);
        if (findings.Count == 0) findings = SampleRun.Check(definition, package.Samples);
        if (findings.Count == 0) findings = HandlerCompiler.Compile(definition);
        return findings.Count == 0 ? definition
            : throw new FindingsException(ErrorCodes.BadPackage, findings[0].Message, findings[0].Next, findings);
    }

    static FindingsException Failed(ModuleManifest manifest, string text)
    {
        var finding = new Finding("module/cannot-load", manifest.EntryAssembly!, $"{manifest.Id} cannot be loaded. {text}", "Build the module against this host's SDK and pack it again.") { Module = manifest.Id.ToString() };
        return new FindingsException(ErrorCodes.BadPackage, finding.Message, finding.Next, [finding]);
    }

    sealed class LoadedAssemblies(ModuleLoadContext context, ModuleDefinition definition) : ILoadedModule
    {
        ModuleLoadContext? context = context;
        ModuleDefinition? definition = definition;

        public ModuleDefinition Definition => definition ?? throw new ObjectDisposedException(nameof(ILoadedModule));

        [MethodImpl(MethodImplOptions.NoInlining)]
        public WeakReference Unload()
        {
            var leaving = context ?? throw new ObjectDisposedException(nameof(ILoadedModule));
            (context, definition) = (null, null);
            leaving.Unload();
            return new WeakReference(leaving, trackResurrection: true);
        }
    }
}
