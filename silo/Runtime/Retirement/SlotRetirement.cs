using System.Runtime.CompilerServices;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime.Slots;

namespace Evergrain.Runtime.Retirement;

/// <summary>The way out of a closed slot: drain, unload, prove. Code is never unloaded while a lease is out.</summary>
internal sealed class SlotRetirement(
    ModuleRuntimeOptions options, SharedCollections collections, TimeProvider time, IExecutor executor, Func<ISlotHolders?> holders, Action<SlotEntry> moved, Action<SlotEntry> ended)
{
    public async Task Run(SlotEntry entry)
    {
        try
        {
            moved(entry);
            // By itself: what is cancelled may go on where it is cancelled, for as long as it likes.
            executor.Post(() => CancelWork(entry));
            await Drain(entry);
            if (Unload(entry) is { } remains) await Prove(entry, remains);
            End(entry);
        }
        catch (Exception wrong)
        {
            Stick(entry, [], new Finding("slot/retire-failed", entry.Slot.Id.ToString(), $"Retiring failed. {wrong.GetType().FullName}: {wrong.Message}", "Restart the silo when it suits."));
        }
    }

    async Task Drain(SlotEntry entry)
    {
        var slot = entry.Slot;
        if (await IsDrained(slot, options.DrainDeadline)) return;
        while (options.DebuggerAttached())
            if (await IsDrained(slot, options.DrainDeadline)) return;

        holders()?.Evict(slot);
        if (await IsDrained(slot, options.EvictGrace)) return;
        Stick(entry, holders()?.HoldersOf(slot, 16) ?? [], new Finding("slot/not-drained", slot.Id.ToString(),
            $"{slot.Leases} leases of {slot.Id} were not given back within {(options.DrainDeadline + options.EvictGrace).TotalSeconds:0} s.", "Look at what holds it; end it, or restart the silo."));
        // However late the last lease comes back, the slot goes then.
        await slot.Drained;
    }

    async Task<bool> IsDrained(ModuleSlot slot, TimeSpan within)
    {
        if (slot.Drained.IsCompleted) return true;
        using var waiting = new CancellationTokenSource();
        var timer = Task.Delay(within, time, waiting.Token);
        await Task.WhenAny(slot.Drained.Followed(), timer);
        waiting.Cancel();
        return slot.Drained.IsCompleted;
    }

    async Task Prove(SlotEntry entry, WeakReference remains)
    {
        await collections.Collect();
        await collections.Collect();
        for (var tries = 0; remains.IsAlive && tries < options.ProofTries; tries++)
        {
            await Task.Delay(options.ProofInterval, time);
            await collections.Collect();
        }
        if (!remains.IsAlive) return;

        if (options.DebuggerAttached()) NotJudged(entry);
        else
        {
            var found = HolderSearch.Find(remains, options.HolderSearch, time);
            Stick(entry, found, new Finding("slot/not-collected", entry.Slot.Id.ToString(),
                $"{entry.Slot.Id} was unloaded, yet its code is still held{(found.Count > 0 ? $" by {found[0]}" : "; no static field leads to it, so a thread, a timer or native code does")}.",
                "Mend what holds it; the silo goes on meanwhile."));
        }
        for (var pause = options.StuckInterval; remains.IsAlive; pause = Longer(pause))
        {
            await Task.Delay(pause, time);
            await collections.Collect();
        }
    }

    TimeSpan Longer(TimeSpan pause) => pause * 2 < options.LongestStuckInterval ? pause * 2 : options.LongestStuckInterval;

    // Every reference of the runtime's own into the load context ends here, off any async frame that could keep one.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference? Unload(SlotEntry entry)
    {
        var loaded = entry.Loaded;
        (entry.Loaded, entry.Pieces) = (null, null);
        entry.Slot.Unload();
        return loaded?.Unload();
    }

    void CancelWork(SlotEntry entry)
    {
        try
        {
            entry.Slot.CancelWork();
        }
        catch (AggregateException wrong)
        {
            // The author's own callbacks threw. Their text is kept; the exceptions would keep the code. What was found meanwhile says more.
            if (entry.Slot.State == SlotState.Draining) entry.Findings = [new Finding("slot/cancel-failed", entry.Slot.Id.ToString(), $"Cancelling tracked work met {wrong.InnerException?.GetType().FullName}.", "Callbacks of a token must not throw.")];
        }
    }

    void Stick(SlotEntry entry, IReadOnlyList<string> found, Finding finding)
    {
        (entry.Holders, entry.Findings) = (found, [finding with { Module = entry.Slot.Id.ToString() }]);
        entry.Slot.Move(SlotState.Stuck);
        moved(entry);
    }

    void NotJudged(SlotEntry entry)
    {
        entry.Findings = [new Finding("slot/not-judged", entry.Slot.Id.ToString(), "A debugger is attached, which holds on to code: whether the version is gone is not judged.", "Detach the debugger to have it proved.") { Module = entry.Slot.Id.ToString() }];
        moved(entry);
    }

    void End(SlotEntry entry)
    {
        (entry.Holders, entry.Findings) = ([], []);
        entry.Slot.Move(SlotState.Gone);
        ended(entry);
    }
}
