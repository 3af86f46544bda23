using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime;

public sealed partial class ModuleRuntime
{
    /// <summary>Makes a package ready to serve. The same digest gives the same slot while that lives; one that is being prepared is joined,
    /// and cancelled when nobody waits for it any more. A refused package leaves nothing behind.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the runtime was disposed.</exception>
    public async Task<PrepareResult> Prepare(PrepareRequest request, CancellationToken cancellation)
    {
        Preparation preparation;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (catalog.Gate)
            {
                if (disposed) throw new OperationCanceledException("The module runtime was disposed.");
                if (!preparations.TryGetValue(request.Package.Digest, out preparation!)) preparation = Start(new Preparation(request));
                if (preparation.Request.IsAs(request))
                {
                    preparation.Join();
                    break;
                }
            }
            // One for another release runs: each is judged for its own, one after the other.
            await preparation.Ended.Followed().WaitAsync(cancellation);
        }
        try
        {
            return await preparation.Result.Followed().WaitAsync(cancellation);
        }
        finally
        {
            Leave(preparation);
        }
    }

    // Under the catalog's lock.
    Preparation Start(Preparation preparation)
    {
        preparations.Add(preparation.Package.Digest, preparation);
        executor.Post(() => _ = Run(preparation));
        return preparation;
    }

    void Leave(Preparation preparation)
    {
        lock (catalog.Gate)
        {
            if (!preparation.Leave() || preparation.Result.IsCompleted) return;
            Forget(preparation);
        }
        preparation.Cancel();
    }

    // Under the catalog's lock. The next who asks starts anew, though this one may still be on its way out.
    void Forget(Preparation preparation)
    {
        if (preparations.GetValueOrDefault(preparation.Package.Digest) == preparation) preparations.Remove(preparation.Package.Digest);
        if (preparation.Entry is { } entry && entry.Slot.State == SlotState.Preparing) catalog.Remove(entry);
        preparation.End();
    }

    async Task Run(Preparation preparation)
    {
        var started = time.GetTimestamp();
        IReadOnlyList<Finding> findings = [];
        ModuleSlot? slot = null;
        try
        {
            (slot, findings) = await Steps(preparation);
        }
        catch (OperationCanceledException) when (preparation.Cancellation.IsCancellationRequested)
        {
            preparation.Abandon();
        }
        catch (Exception wrong)
        {
            var package = preparation.Package.ToString();
            findings = [new Finding("silo/prepare-failed", package, $"Preparing failed. {wrong.GetType().FullName}: {wrong.Message}", "Try again; if it stays, look at the package store.") { Module = package }];
        }
        Refuse(preparation, slot, findings);
        lock (catalog.Gate) Forget(preparation);
        preparation.Complete(new PrepareResult(slot, findings, time.GetElapsedTime(started)));
    }

    async Task<(ModuleSlot?, IReadOnlyList<Finding>)> Steps(Preparation preparation)
    {
        var (package, cancellation, findings) = (preparation.Package, preparation.Cancellation, new List<Finding>());
        if (await pipeline.Find(package, findings, cancellation) is not { } published) return (null, findings);
        var ready = Begin(preparation, published.Manifest);

        if (!preparation.IsMigrator) findings.AddRange(await pipeline.CheckRelease(published.Manifest, preparation.Request, cancellation));
        cancellation.ThrowIfCancellationRequested();
        if (ready is not null) return (findings.Count == 0 ? ready.Slot : null, findings);

        var reading = await pipeline.Fetch(package, cancellation);
        findings.AddRange(reading.Findings);
        cancellation.ThrowIfCancellationRequested();
        if (findings.Count > 0) return (null, findings);

        var outcome = reading.Contents!.Data is null ? await pipeline.Load(package, reading.Contents, cancellation) : new LoadOutcome(null, []);
        try
        {
            return outcome.Findings.Count == 0 ? (Publish(preparation, outcome.Loaded, reading.Contents.Data), []) : (null, outcome.Findings);
        }
        finally
        {
            pipeline.Took(outcome);
        }
    }

    // The entry that is ready already, or null with a new one to be prepared.
    SlotEntry? Begin(Preparation preparation, ModuleManifest manifest)
    {
        lock (catalog.Gate)
        {
            preparation.Cancellation.ThrowIfCancellationRequested();
            if (catalog.Ready(preparation.Package.Digest) is { } ready)
            {
                ready.IsMigrator &= preparation.IsMigrator;
                return ready;
            }
            preparation.Entry = new SlotEntry(new ModuleSlot(preparation.Package), manifest) { IsMigrator = preparation.IsMigrator, MigratorUsed = time.GetTimestamp() };
            catalog.Add(preparation.Entry);
        }
        Tell(preparation.Entry);
        return null;
    }

    ModuleSlot Publish(Preparation preparation, ILoadedModule? loaded, byte[]? data)
    {
        var entry = preparation.Entry!;
        lock (catalog.Gate)
        {
            if (disposed || catalog.Find(entry.Slot.Package.Digest) != entry)
            {
                if (loaded is not null) Discard(preparation.Package, entry.Manifest, loaded);
                preparation.Cancel();
                throw new OperationCanceledException(preparation.Cancellation);
            }
            if (loaded is not null) entry.Slot.Load(loaded.Definition);
            if (data is not null) entry.Slot.Load(data);
            entry.Loaded = loaded;
            entry.Pieces = new SlotPieces(entry.Slot, loaded?.Definition);
            entry.Slot.Move(SlotState.Ready);
        }
        Tell(entry);
        return entry.Slot;
    }

    void Refuse(Preparation preparation, ModuleSlot? slot, IReadOnlyList<Finding> findings)
    {
        if (slot is not null || findings.Count == 0 || preparation.Entry is not { } entry) return;
        entry.Findings = findings;
        entry.Slot.Close();
        entry.Slot.Move(SlotState.Refused);
        Ended(entry);
    }
}
