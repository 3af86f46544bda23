using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Loading;
using Evergrain.Runtime.Retirement;
using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime.Tests.Support;

/// <summary>A module runtime with a store, real load contexts and the real collector.</summary>
internal sealed class Silo : IAsyncDisposable
{
    public static readonly ModuleRuntimeOptions Options = new()
    {
        Signatures = new SignaturePolicy { AcceptUnsigned = true },
        ProofInterval = TimeSpan.FromMilliseconds(20),
        StuckInterval = TimeSpan.FromMilliseconds(50),
        DebuggerAttached = () => false,
    };

    readonly ConcurrentQueue<SlotStatus> changes = new();
    readonly ConcurrentDictionary<Func<SlotStatus, bool>, TaskCompletionSource<SlotStatus>> waiting = new();

    public Silo(ModuleRuntimeOptions? options = null, IModuleLoader? loader = null, TimeProvider? time = null, ICollector? collector = null)
    {
        Runtime = new ModuleRuntime(options ?? Options, Store, loader ?? new AssemblyModuleLoader(), collector ?? new GarbageCollector(TimeProvider.System), time ?? TimeProvider.System, Executor);
        Runtime.SlotChanged += status =>
        {
            changes.Enqueue(status);
            foreach (var (matches, source) in waiting)
                if (matches(status)) source.TrySetResult(status);
        };
    }

    public MemoryPackageStore Store { get; } = new();
    public PoolExecutor Executor { get; } = new();
    public ModuleRuntime Runtime { get; }
    public IReadOnlyCollection<SlotStatus> Changes => changes;

    public async Task<PackageRef> Publish(byte[] package)
    {
        var receipt = await new PackageIntake(Store, new PackageLimits(), Options.Signatures).Publish(package, default);
        return new PackageRef(receipt.Name, receipt.Version, receipt.Digest);
    }

    /// <summary>Puts a package past the intake, as a careless store would.</summary>
    public async Task<PackageRef> Smuggle(byte[] package, ModuleManifest manifest)
    {
        var digest = PackageWriter.Hash(package);
        await Store.Publish(new PublishedPackage(new PackageRef(manifest.Name, manifest.Version, digest), package.Length, manifest, package), default);
        return new PackageRef(manifest.Name, manifest.Version, digest);
    }

    public async Task<ModuleSlot> Ready(PackageRef package, params PackageRef[] with)
    {
        var result = await Runtime.Prepare(package, [package, .. with], default);
        Assert.Empty(result.Findings);
        return result.Slot!;
    }

    public async Task<IReadOnlyList<Finding>> Refused(PackageRef package, params PackageRef[] with)
    {
        var result = await Runtime.Prepare(package, [package, .. with], default);
        Assert.Null(result.Slot);
        Assert.NotEmpty(result.Findings);
        return result.Findings;
    }

    /// <summary>The next (or a past) change that matches.</summary>
    public async Task<SlotStatus> Change(Func<SlotStatus, bool> matches)
    {
        var source = new TaskCompletionSource<SlotStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[matches] = source;
        if (changes.FirstOrDefault(matches) is { } past) return past;
        return await source.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public Task<SlotStatus> Gone(PackageRef package) => Change(status => status.State == SlotState.Gone && status.Digest == package.Digest);

    /// <summary>Until the report has one slot, in that state: a cancellation takes its way.</summary>
    public async Task Shows(SlotState state)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Runtime.Report() is not [var only] || only.State != state) await Task.Delay(1, patience.Token);
    }

    public ValueTask DisposeAsync() => Runtime.DisposeAsync();
}
