using System.Text.Json;
using System.Text.Json.Nodes;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>Shows an entity to operators.</summary>
public static class EntityInspection
{
    /// <summary>Null when the activation is gone, or has no state in memory: look at its record then.</summary>
    public static EntityView? View(EntityActivation activation) =>
        EntityLook.Take(activation, look => View(activation, look.State, look.Slices, Slices(look.Slices, look.State, look.Stored), look.Table.Epoch));

    /// <param name="activation">Says why the entity is quarantined, if it is.</param>
    public static EntityView View(EntityRecord record, EntityActivation? activation = null) => new()
    {
        Silo = activation?.Silo.Id,
        Quarantine = activation?.Quarantine,
        Waiting = activation?.Waiting ?? 0,
        Id = record.Id,
        Epoch = record.Epoch,
        Frame = record.Frames.Frame,
        FramesRunning = record.Frames.Running,
        EventSequence = record.EventSequence,
        Slices = [.. record.Slices.Select(slice => new SliceView(slice.Module, slice.Version, slice.Schema, Json(slice.Bytes)) { WrittenBy = slice.Version, WrittenEpoch = slice.Epoch })],
        Schedule = Schedule(record.Extras),
        Outbox = [.. record.Extras.Outbox.Values.Select(entry => new OutboxView(entry.Key, entry.To, entry.Operation, 0, entry.Since, null))],
        TrackedWork = [],
    };

    static EntityView View(EntityActivation activation, EntityState state, SliceSet slices, SliceView[] views, long epoch)
    {
        var now = activation.Silo.Time.GetUtcNow();
        var frame = state.Frames.At(now, slices.Options.FramesPerSecond);
        return new EntityView
        {
            Id = activation.Id,
            Silo = activation.Silo.Id,
            Epoch = epoch,
            Frame = frame,
            FramesRunning = state.Frames.Running,
            EventSequence = state.EventSequence,
            Slices = views,
            Schedule = Schedule(state.Extras),
            Outbox = [.. state.Extras.Outbox.Values.Select(entry => Outbox(activation, entry))],
            Running = Running(activation),
            TrackedWork = [.. (activation.Work?.List() ?? []).Select(work => new TrackedWorkView(work.Name, work.Operation, work.Slot.Id.ToString(), frame - work.StartFrame))],
            Waiting = activation.Waiting,
            Quarantine = activation.Quarantine,
        };
    }

    static SliceView[] Slices(SliceSet slices, EntityState state, EntityRecord? stored)
    {
        var views = new SliceView[slices.Count];
        for (var i = 0; i < views.Length; i++)
        {
            var route = slices.Routes[i];
            var written = stored?.Slices.FirstOrDefault(slice => slice.Module == route.Module);
            views[i] = new SliceView(route.Module, route.Slot.Id.Version, route.Definition.Schema, Json(slices.Encode(i, state.Slices[i])))
            {
                WrittenBy = written?.Version, WrittenEpoch = written?.Epoch ?? 0,
            };
        }
        return views;
    }

    static RunningTurnView? Running(EntityActivation activation) => activation.Running is { } turn
        ? new RunningTurnView(turn.Operation, turn.Caller, (double)(activation.Silo.Time.GetUtcNow().UtcTicks - turn.BeganTicks) / TimeSpan.TicksPerMillisecond, turn.WaitsFor?.ToString())
        : null;

    static OutboxView Outbox(EntityActivation activation, OutboxEntry entry)
    {
        var (tries, error) = activation.Outbox?.Seen(entry.Number) ?? default;
        return new OutboxView(entry.Key, entry.To, entry.Operation, tries, entry.Since, error);
    }

    static ScheduleView[] Schedule(EntityExtras extras) =>
        [.. extras.Schedule.Values.Select(entry => new ScheduleView(entry.Id, entry.DueFrame, entry.EveryFrames, entry.Operation, entry.Priority, entry.ExpiresFrame, Json(entry.Arguments)) { Held = entry.Held })];

    /// <summary>Bytes that are no JSON are shown as base64 text.</summary>
    static JsonElement Json(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(JsonValue.Create(Convert.ToBase64String(bytes.Span)), NodeJson.Default.JsonValue);
        }
    }
}
