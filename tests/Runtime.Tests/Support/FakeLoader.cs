using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Tests.Support;

/// <summary>A loader without load contexts; the test says when code is gone, and may hold a load up.</summary>
internal sealed class FakeLoader : IModuleLoader
{
    /// <summary>Held until set, where a test closes it.</summary>
    public ManualResetEventSlim Door { get; } = new(initialState: true);

    /// <summary>Stands for what keeps unloaded code alive.</summary>
    public object? Pin { get; set; }

    /// <summary>Complete with the first load that begins, and with the first unload.</summary>
    public TaskCompletionSource Loading { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public TaskCompletionSource Unloaded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Loads;
    public int MostAtOnce;
    public int Unloads;
    int running;

    public ILoadedModule Load(PackageContents package)
    {
        Interlocked.Increment(ref Loads);
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
        Loading.TrySetResult();
        Door.Wait();
        Interlocked.Decrement(ref running);
        return new Loaded(this, package.Manifest);
    }

    sealed class Loaded(FakeLoader loader, ModuleManifest manifest) : ILoadedModule
    {
        public ModuleDefinition Definition { get; } = Define(manifest);

        public WeakReference Unload()
        {
            Interlocked.Increment(ref loader.Unloads);
            loader.Unloaded.TrySetResult();
            return new WeakReference(loader.Pin);
        }
    }

    static ModuleDefinition Define(ModuleManifest manifest)
    {
        var builder = new ModuleBuilder(manifest.Name, manifest.Version).Json(TestJson.Default);
        foreach (var slice in manifest.Slices)
        {
            var built = slice.Owner is { } options
                ? builder.Owns(slice.Kind, slice.Schema, _ => new TestState(0), options)
                : builder.Extends(slice.Kind, slice.Schema, _ => new TestState(0));
            foreach (var operation in manifest.Operations.Where(operation => operation.Kind == slice.Kind))
                built.Operation<TestState, TestState>(operation.Name.Split('.')[1], static (_, arguments) => arguments);
        }
        return builder.Build();
    }
}

internal sealed record TestState(int Value);

[System.Text.Json.Serialization.JsonSerializable(typeof(TestState))]
internal sealed partial class TestJson : System.Text.Json.Serialization.JsonSerializerContext;

/// <summary>Collects nothing, at once.</summary>
internal sealed class FakeCollector : ICollector
{
    public int Collections;

    public Task Collect(CancellationToken cancellation)
    {
        Interlocked.Increment(ref Collections);
        return Task.CompletedTask;
    }
}
