using Evergrain.Contracts;
using Evergrain.Core.Frames;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Entities;

/// <summary>What a turn wants done if it succeeds. Dropped with the turn if it fails.</summary>
internal sealed class TurnEffects(EntityExtras extras)
{
    /// <summary>Most sends, and most events, of one turn.</summary>
    public const int MaxPerTurn = 256;

    /// <summary>Most outbox entries, and most scheduled entries, of one entity.</summary>
    public const int MaxPerEntity = 1000;

    List<OutboxEntry>? sends;
    List<(string Name, ReadOnlyMemory<byte> Data, ModuleSlot From)>? events;
    List<ScheduleEntry>? scheduled;
    List<long>? cancelled;
    List<PendingWork>? work;

    /// <summary>The id of the entity's last scheduled entry, and the number of its last send, with those of the turn.</summary>
    public long LastScheduleId = extras.LastScheduleId, LastSendNumber = extras.LastSendNumber;

    public bool Save { get; set; }
    public bool Destroy { get; set; }
    public bool? Frames { get; set; }
    public EntityId? Owner { get; set; }
    public bool Sends => sends is not null;
    public IReadOnlyList<(string Name, ReadOnlyMemory<byte> Data, ModuleSlot From)> Events => events ?? (IReadOnlyList<(string, ReadOnlyMemory<byte>, ModuleSlot)>)[];
    public IReadOnlyList<PendingWork> Work => work ?? (IReadOnlyList<PendingWork>)[];

    public int WorkCount => work?.Count ?? 0;

    public void Add(OutboxEntry send) => Bounded(ref sends, send, MaxPerTurn, "sends");
    public void Add(string name, ReadOnlyMemory<byte> data, ModuleSlot from) => Bounded(ref events, (name, data, from), MaxPerTurn, "events");
    public void Add(ScheduleEntry entry) => Bounded(ref scheduled, entry, MaxPerEntity, "scheduled entries");
    public void Add(PendingWork pending) => Bounded(ref work, pending, TrackedWorkSet.MaxPerEntity, "pieces of tracked work");
    public void Cancel(long scheduleId) => Bounded(ref cancelled, scheduleId, MaxPerEntity, "cancelled entries");
    public bool IsScheduled(long id) => scheduled?.Exists(entry => entry.Id == id) ?? false;

    /// <summary>The entity after the turn, with everything but its slices.</summary>
    /// <param name="seenEpoch">What the turn has seen in the end: sends leave with it, whenever it asked for them.</param>
    /// <exception cref="EffectsTooManyException">The entity would hold more than it may.</exception>
    public EntityState Apply(EntityState before, long seenEpoch, DateTimeOffset now, int framesPerSecond) => before with
    {
        Extras = ApplyTo(before.Extras, seenEpoch),
        EventSequence = before.EventSequence + Events.Count,
        Frames = Frames switch { true => before.Frames.Start(now, framesPerSecond), false => before.Frames.Stop(), null => before.Frames },
    };

    EntityExtras ApplyTo(EntityExtras before, long seenEpoch)
    {
        if (sends is null && scheduled is null && cancelled is null && Owner is null) return before;
        var schedule = before.Schedule;
        if (scheduled is not null) schedule = schedule.AddRange(scheduled.Select(entry => KeyValuePair.Create(entry.Id, entry)));
        if (cancelled is not null) schedule = schedule.RemoveRange(cancelled);
        var outbox = sends is null ? before.Outbox : before.Outbox.AddRange(sends.Select(send => KeyValuePair.Create(send.Number, send with { Epoch = seenEpoch })));
        if (schedule.Count > MaxPerEntity) throw new EffectsTooManyException($"The entity would have {schedule.Count} scheduled entries; the bound is {MaxPerEntity}.");
        if (outbox.Count > MaxPerEntity) throw new EffectsTooManyException($"The entity would have {outbox.Count} sends that have not arrived; the bound is {MaxPerEntity}.");
        return before with { Schedule = schedule, LastScheduleId = LastScheduleId, Outbox = outbox, LastSendNumber = LastSendNumber, Owner = Owner ?? before.Owner };
    }

    static void Bounded<T>(ref List<T>? list, T item, int bound, string what)
    {
        list ??= [];
        if (list.Count >= bound) throw new EffectsTooManyException($"A turn has at most {bound} {what}.");
        list.Add(item);
    }
}

/// <summary>Tracked work that starts when its turn has succeeded.</summary>
internal sealed record PendingWork(string Name, ModuleSlot Slot, ModuleJson Json, Func<TrackedWork, Task> Work);
