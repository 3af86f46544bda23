using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P4: a call runs at the epoch that its caller has seen, or later, directly or through other calls; an entity's stored epoch never
/// falls; code goes back only at a higher epoch.</summary>
internal sealed class EpochsNeverFall(Known known) : Checker("P4")
{
    readonly Dictionary<int, long> seenAtFirst = [];
    readonly Dictionary<string, long> sentAt = new(StringComparer.Ordinal);
    readonly Dictionary<int, long> routes = [];
    readonly Dictionary<string, long> hitAt = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan began:
                // A caller that was ahead of what was restored has to forget it.
                seenAtFirst[began.Call] = Math.Min(seenAtFirst.GetValueOrDefault(began.Call, long.MaxValue), began.Request.SeenEpoch);
                break;
            case CallEnded { Reply.Ok: true } ended:
                See(ended);
                break;
            case EntityStored { After: { } after } stored:
                See(stored, after);
                break;
            case EventHeard { Event.Name: "room.hit" } heard:
                hitAt[JsonSerializer.Deserialize(heard.Event.Data.Span, GameJson.Default.HallHit)!.Id] = heard.Event.Epoch;
                break;
            case SiloRoutes moved:
                if (routes.TryGetValue(moved.Life, out var before) && moved.Epoch <= before) Broken(moved.At, $"{moved.Silo} went from epoch {before} to {moved.Epoch}.");
                routes[moved.Life] = moved.Epoch;
                break;
        }
    }

    // A call that is sent again with its key may have run when it was sent first.
    void See(CallEnded ended)
    {
        var least = ended.Request.Key is null ? ended.Request.SeenEpoch : seenAtFirst[ended.Call];
        var reply = ended.Reply;
        if (reply.Epoch < least) Broken(ended.At, $"call {ended.Call} was sent after epoch {least} and ran at {reply.Epoch}.");
        if (reply.SeenEpoch < reply.Epoch || reply.SeenEpoch < ended.Request.SeenEpoch)
            Broken(ended.At, $"call {ended.Call} ran at epoch {reply.Epoch} for a caller that had seen {ended.Request.SeenEpoch}, and says that it saw {reply.SeenEpoch}.");
        if (ended.Request.Operation == "room.ask" && known.Changes.Of(ended.Call) is { } ask && hitAt.TryGetValue($"{ask.Id}?", out var awaited)) Awaits(ended, awaited);
    }

    // What it awaited told its epoch by an event. If it was sent again, what it awaited may have run before.
    void Awaits(CallEnded ended, long awaited)
    {
        if (ended.Reply.SeenEpoch < awaited) Broken(ended.At, $"call {ended.Call} awaited a call that ran at epoch {awaited}, and says that it saw {ended.Reply.SeenEpoch}.");
        if (ended.Attempt == 1 && !known.Troubles.Took(FaultKind.DuplicateMessages) && awaited < ended.Reply.Epoch) Broken(ended.At, $"call {ended.Call} ran at epoch {ended.Reply.Epoch}, and what it awaited at {awaited}.");
    }

    void See(EntityStored stored, EntityRecord after)
    {
        var before = stored.Before;
        if (after.Epoch < before?.Epoch) Broken(stored.At, $"the stored epoch of {after.Id} fell from {before.Epoch} to {after.Epoch}.");
        foreach (var change in known.Entities.Changes)
        {
            var (was, now) = (change.Before?.Record, change.After.Record);
            if (now.Epoch < was?.Epoch || now.Epoch == was?.Epoch && now.Version != was.Version && !CatchesUp(after.Id, now))
                Broken(stored.At, $"{now.Module} of {after.Id} was written by {was.Version} at epoch {was.Epoch}, then by {now.Version} at {now.Epoch}.");
            foreach (var id in change.Added)
            {
                if (known.Changes.Find(id) is { } asked && after.Epoch < asked.SeenEpoch) Broken(stored.At, $"{id} was asked for after epoch {asked.SeenEpoch} and applied at {after.Epoch}.");
                if (sentAt.TryGetValue(id, out var epoch) && after.Epoch < epoch) Broken(stored.At, $"{id} was sent at epoch {epoch} and applied at {after.Epoch}.");
            }
        }
        if (ReferenceEquals(before?.Extras.Outbox, after.Extras.Outbox)) return;
        foreach (var (number, entry) in after.Extras.Outbox)
        {
            if (number <= (before?.Extras.LastSendNumber ?? 0)) continue;
            if (SendsArrive.CreditOf(entry) is { } credit) sentAt[credit.Id] = entry.Epoch;
            if (entry.Epoch < after.Epoch) Broken(stored.At, $"{after.Id}, written at epoch {after.Epoch}, sends at epoch {entry.Epoch}.");
        }
    }

    // It could not be migrated at first, and can now.
    bool CatchesUp(EntityId entity, SliceRecord now) => known.MayBeBehind(entity, now.Epoch) && known.Releases.Version(now.Epoch, now.Module) == now.Version;
}
