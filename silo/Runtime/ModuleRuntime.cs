using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Retirement;
using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

/// <summary>The only door to module code on a silo: prepare, activate, keep, report. Safe from any thread; never blocks.</summary>
public sealed partial class ModuleRuntime : IAsyncDisposable
{
    readonly ModuleRuntimeOptions options;
    readonly TimeProvider time;
    readonly IExecutor executor;
    readonly PreparePipeline pipeline;
    readonly SlotRetirement retirement;
    readonly SlotCatalog catalog;
    readonly Dictionary<string, Preparation> preparations = new(StringComparer.Ordinal);
    readonly CancellationTokenSource stopping = new();
    ModuleTable table = ModuleTable.Empty;
    bool disposed;

    public ModuleRuntime(ModuleRuntimeOptions options, IPackageStore packages, IModuleLoader loader, ICollector collector, TimeProvider time, IExecutor executor)
    {
        (this.options, this.time, this.executor) = (options, time, executor);
        pipeline = new PreparePipeline(options, packages, loader, time, executor, Discard);
        catalog = new SlotCatalog(options.ReportedEnds);
        retirement = new SlotRetirement(options, new SharedCollections(collector), time, executor, () => Holders, Moved, Ended);
    }

    /// <summary>Who knows the entities that hold slots. Set once, before the silo serves.</summary>
    public ISlotHolders? Holders { get; set; }

    /// <summary>A slot changed its state, or it was found out who holds it. Raised on any thread; what it is given keeps no code alive.
    /// Handlers must be quick and must not throw.</summary>
    public event Action<SlotStatus>? SlotChanged;

    /// <summary>What serves now: read it once for each turn.</summary>
    public ModuleTable Table => Volatile.Read(ref table);

    /// <summary>Swaps the table. Everything that it names was prepared before; nothing waits. The same release at the same epoch again
    /// changes nothing.</summary>
    /// <exception cref="InvalidOperationException">The epoch is lower than the current one, or has another release already, or a package
    /// is not ready here. Nothing has changed then.</exception>
    /// <param name="migrators">Versions that do not serve and that are kept loadable: see <see cref="ModuleTable.Migrators"/>.</param>
    public void Activate(long epoch, IReadOnlyList<PackageRef> release, params IReadOnlyList<PackageRef> migrators)
    {
        List<SlotEntry> moved = [];
        lock (catalog.Gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var current = table;
            if (epoch < current.Epoch) throw new InvalidOperationException($"Epoch {epoch} is behind {current.Epoch}, which serves already.");
            if (epoch == current.Epoch)
            {
                if (current.Slots.Select(slot => slot.Package.Digest).ToHashSet().SetEquals(release.Select(package => package.Digest))) return;
                throw new InvalidOperationException($"Epoch {epoch} serves another release already.");
            }
            var entries = new SlotEntry[release.Count];
            for (var i = 0; i < entries.Length; i++)
                entries[i] = catalog.Ready(release[i].Digest) ?? throw new InvalidOperationException($"{release[i]} is not ready on this silo: prepare it first.");

            Volatile.Write(ref table, TableBuilder.Build(epoch, entries, [.. migrators]));
            foreach (var entry in entries) entry.ServingEpoch = epoch;
            foreach (var entry in catalog.Live)
            {
                var state = entry.ServingEpoch == epoch ? SlotState.Serving : entry.Slot.State == SlotState.Serving ? SlotState.Ready : entry.Slot.State;
                if (state == SlotState.Serving) entry.IsMigrator = false;
                if (state == entry.Slot.State) continue;
                entry.Slot.Move(state);
                moved.Add(entry);
            }
        }
        foreach (var entry in moved) Tell(entry);
    }

    /// <summary>Every slot that is neither named nor in the table starts to retire: it is closed and drained, unloaded, and its end proved.
    /// Migrators go by themselves. Idempotent.</summary>
    public void Keep(IReadOnlyCollection<PackageRef> named)
    {
        var digests = named.Select(package => package.Digest).ToHashSet(StringComparer.Ordinal);
        lock (catalog.Gate)
        {
            foreach (var entry in catalog.Live.ToArray())
            {
                if (entry.Slot.State is SlotState.Preparing or SlotState.Serving || entry.IsMigrator || digests.Contains(entry.Slot.Package.Digest)) continue;
                BeginRetire(entry);
            }
        }
    }

    /// <summary>Every slot: those that live, those that go, code that does not come back from being loaded, and the last that went.</summary>
    public IReadOnlyList<SlotStatus> Report()
    {
        // In this order: what goes from the one to the other meanwhile is seen twice rather than not at all.
        var loading = pipeline.Loading(IsPreparing);
        (SlotEntry[] Present, SlotStatus[] Ended) slots;
        lock (catalog.Gate) slots = catalog.Snapshot();
        return [.. slots.Present.Select(entry => entry.Status(Holders)), .. loading, .. slots.Ended.Where(ended => loading.All(load => load.Digest != ended.Digest))];
    }

    bool IsPreparing(string digest)
    {
        lock (catalog.Gate) return catalog.Find(digest) is not null;
    }

    /// <summary>Serves nothing from now on, cancels what prepares, and lets every slot go as soon as nobody holds it.</summary>
    public ValueTask DisposeAsync()
    {
        Preparation[] running;
        lock (catalog.Gate)
        {
            if (disposed) return ValueTask.CompletedTask;
            disposed = true;
            Volatile.Write(ref table, new ModuleTable(table.Epoch, [], [], []));
            running = [.. preparations.Values];
            foreach (var entry in catalog.Live.Where(entry => entry.Slot.State != SlotState.Preparing).ToArray()) BeginRetire(entry);
        }
        foreach (var preparation in running) preparation.Cancel();
        stopping.Cancel();
        return ValueTask.CompletedTask;
    }

    // Under the catalog's lock, so that no lease can be promised by the catalog after this.
    void BeginRetire(SlotEntry entry)
    {
        catalog.Retire(entry);
        entry.Slot.Close();
        entry.Slot.Move(SlotState.Draining);
        executor.Post(() => _ = retirement.Run(entry));
    }

    // Code that came when nobody waited for it any more goes as any other does.
    void Discard(PackageRef package, ModuleManifest manifest, ILoadedModule loaded)
    {
        var entry = new SlotEntry(new ModuleSlot(package), manifest) { Loaded = loaded };
        lock (catalog.Gate) BeginRetire(entry);
    }

    void Moved(SlotEntry entry) => Tell(entry);

    void Ended(SlotEntry entry)
    {
        var last = entry.Status(null);
        lock (catalog.Gate) catalog.End(entry, last);
        SlotChanged?.Invoke(last);
    }

    void Tell(SlotEntry entry) => SlotChanged?.Invoke(entry.Status(Holders));
}
