using System.Collections.Frozen;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Migrations;

namespace Evergrain.Runtime.Slots;

/// <summary>One loaded version of a module (or data set) on one silo. Whoever runs or keeps its code holds a lease, so that the code is
/// unloaded only when nobody does. Safe from any thread.</summary>
public sealed class ModuleSlot(PackageRef package)
{
    // Set in the lease count once the slot takes no more leases. Far above any count of leases.
    const long Closed = 1L << 62;

    readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenSource retiring = new();
    long leases;
    volatile ModuleDefinition? definition;
    volatile FrozenDictionary<string, MigrationPaths>? paths;
    volatile byte[]? data;
    int state = (int)SlotState.Preparing;

    public PackageRef Package { get; } = package;
    public ModuleId Id { get; } = new(package.Name, package.Version);
    public SlotState State => (SlotState)Volatile.Read(ref state);
    public long Leases => Volatile.Read(ref leases) & ~Closed;

    /// <summary>Ends when the slot is to go at once: tracked work of this version is cancelled by it.</summary>
    public CancellationToken Retiring => retiring.Token;

    /// <summary>What the module declared; null for a data set, before it is loaded and after it was unloaded.</summary>
    public ModuleDefinition? Definition => definition;

    /// <summary>The ways between schemas of its slice of that kind; null where it has none, before it is loaded and after it was unloaded.</summary>
    public MigrationPaths? Paths(string kind) => paths?.GetValueOrDefault(kind);

    /// <summary>The content of a data set; null for a module.</summary>
    public byte[]? Data => data;

    /// <summary>Completes once the slot is closed and the last lease was given back.</summary>
    public Task Drained => drained.Task;

    /// <summary>False once the slot is closed: route again.</summary>
    public bool TryAcquire()
    {
        if (Interlocked.Increment(ref leases) < Closed) return true;
        Release();
        return false;
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref leases);
        if ((left & ~Closed) < 0) throw new InvalidOperationException($"A lease of {Id} was given back twice.");
        if (left == Closed) drained.TrySetResult();
    }

    internal void Load(ModuleDefinition loaded)
    {
        paths = loaded.Slices.ToFrozenDictionary(slice => slice.Kind, slice => MigrationPaths.Of(Id, slice), StringComparer.Ordinal);
        definition = loaded;
    }

    internal void Load(byte[] loaded) => data = loaded;
    internal void Move(SlotState next) => Volatile.Write(ref state, (int)next);

    /// <summary>No lease is given from now on.</summary>
    internal void Close()
    {
        if (Interlocked.Or(ref leases, Closed) == 0) drained.TrySetResult();
    }

    internal void CancelWork() => retiring.Cancel();

    /// <summary>Drops everything that reaches into the module's load context.</summary>
    internal void Unload() => (definition, paths, data) = (null, null, null);
}
