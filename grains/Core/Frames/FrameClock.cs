using Evergrain.Core.Entities;

namespace Evergrain.Core.Frames;

/// <summary>One clock for all entities of a silo: a timing wheel (Varghese and Lauck 1987), which calls each entity when
/// something is due, or sooner: what is far away is looked at again once in a turn of the wheel. Its timer runs only while an entity waits. Safe from any thread.</summary>
internal sealed class FrameClock : IDisposable
{
    const int Slots = 4096; // One turn is 20 s at the default resolution.

    readonly long slotTicks;
    readonly TimeProvider time;
    readonly Action<EntityActivation> due;
    readonly List<(EntityActivation Activation, long Ticks)>?[] wheel = new List<(EntityActivation, long)>?[Slots];
    readonly ITimer timer;
    readonly Lock guard = new();
    List<(EntityActivation Activation, long Ticks)> spare = [];
    long cursor; // the first slot that was not looked at yet
    int waiting;
    bool ticking, armed, disposed;

    internal bool IsArmed => armed;
    internal int Entries => waiting;

    public FrameClock(TimeProvider time, TimeSpan resolution, Action<EntityActivation> due)
    {
        (this.time, slotTicks, this.due) = (time, resolution.Ticks, due);
        timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sees to it that the entity is called when its state says. Called inside the entity's gate.</summary>
    public void Ensure(EntityActivation activation) => Ensure(activation, default);

    /// <param name="notBefore">When something is due already, it is called for then.</param>
    public void Ensure(EntityActivation activation, DateTimeOffset notBefore)
    {
        if (activation.State is not { } state || FrameTurns.NextDue(state, activation.Slices!.Options.FramesPerSecond) is not { } ticks) return;
        ticks = Math.Max(ticks, notBefore.UtcTicks);
        // If the clock takes the entry off just now, the entity runs its frames after this turn and comes here again.
        if (Volatile.Read(ref activation.ClockDue) is not 0 and var set && set <= ticks) return;
        lock (guard)
        {
            if (disposed || activation.ClockDue != 0 && activation.ClockDue <= ticks) return;
            if (waiting == 0) cursor = time.GetUtcNow().UtcTicks / slotTicks;
            // At most one turn ahead: an entry that a nearer one has replaced stands here until it is due, so a far one would stand for ever.
            ticks = Math.Min(ticks, (cursor + Slots - 1) * slotTicks);
            activation.ClockDue = ticks;
            Put(activation, ticks);
            waiting++;
            if (armed) return;
            armed = true;
            timer.Change(TimeSpan.FromTicks(slotTicks), TimeSpan.FromTicks(slotTicks));
        }
    }

    /// <summary>The entity is gone: what stands in the wheel for it is passed over.</summary>
    public void Remove(EntityActivation activation)
    {
        lock (guard) activation.ClockDue = 0;
    }

    public void Dispose()
    {
        lock (guard) disposed = true;
        timer.Dispose();
    }

    void Put(EntityActivation activation, long ticks)
    {
        var slot = Math.Max((ticks + slotTicks - 1) / slotTicks, cursor);
        (wheel[slot % Slots] ??= []).Add((activation, ticks));
    }

    void Tick()
    {
        lock (guard)
        {
            if (ticking || disposed) return;
            ticking = true;
        }
        while (TakeSlot(out var entries))
        {
            foreach (var (activation, _) in entries) due(activation);
            entries.Clear();
            lock (guard) spare = entries;
        }
    }

    // Everything of one slot that is due, off the wheel; false when the clock has caught up with time.
    bool TakeSlot(out List<(EntityActivation Activation, long Ticks)> entries)
    {
        lock (guard)
        {
            var now = time.GetUtcNow().UtcTicks / slotTicks;
            for (; cursor <= now && waiting > 0 && !disposed; cursor++)
            {
                if (wheel[cursor % Slots] is not { Count: > 0 } slot) continue;
                entries = Due(slot, now);
                if (entries.Count == 0) continue;
                cursor++;
                return true;
            }
            ticking = false;
            if (waiting == 0 && armed)
            {
                armed = false;
                timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
            entries = [];
            return false;
        }
    }

    List<(EntityActivation Activation, long Ticks)> Due(List<(EntityActivation Activation, long Ticks)> slot, long now)
    {
        var entries = spare;
        spare = [];
        var kept = 0;
        for (var i = 0; i < slot.Count; i++)
        {
            var entry = slot[i];
            if (entry.Ticks / slotTicks > now) slot[kept++] = entry; // a later round
            else if (entry.Activation.ClockDue == entry.Ticks)
            {
                entry.Activation.ClockDue = 0;
                entries.Add(entry);
                waiting--;
            }
            else waiting--; // gone, or called earlier
        }
        slot.RemoveRange(kept, slot.Count - kept);
        return entries;
    }
}
