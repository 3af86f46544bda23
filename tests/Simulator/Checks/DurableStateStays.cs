using System.Text.Json;
using Evergrain.Core.State;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P5: acknowledged durable state is not lost, a migration is applied once or not at all, and fields that the running code does not
/// know stay.</summary>
internal sealed class DurableStateStays(Known known) : Checker("P5")
{
    const int CopperPerGold = 100;
    const int ScoreOfHit = 10;

    readonly HashSet<string> thrown = new(StringComparer.Ordinal);
    readonly Dictionary<string, TimeSpan> acknowledged = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallEnded { Reply.Ok: true, Request.Operation: "wallet.close" } ended:
                if (!(known.Entities.Find(ended.Request.Entity)?.EndedAt >= known.Changes.ClosedFirst(ended.Call))) Broken(ended.At, $"{ended.Request.Entity} was said to be destroyed, and is stored as it was.");
                break;
            case CallEnded { Reply.Ok: true, Request.Entity.Kind: "wallet" } ended when known.Changes.Of(ended.Call) is { } asked:
                if (known.Entities.Find(asked.Entity)?.Applied.Contains(asked.Id) != true) Broken(ended.At, $"{asked.Id} was acknowledged and is not stored in {asked.Entity}.");
                break;
            case CallEnded { Reply.Ok: true, Request.Operation: "room.hit" or "room.ask" } ended when known.Changes.Of(ended.Call) is { } asked:
                acknowledged.TryAdd(asked.Id, ended.At);
                break;
            case FaultTook { Kind: FaultKind.HandlerThrows } fault:
                thrown.Add(fault.What);
                break;
            case EntityStored { After: null } deleted:
                if (deleted.Before!.Created) Broken(deleted.At, $"{deleted.Before.Id} was deleted, and nobody destroyed it.");
                break;
            case EntityStored { After: { } after } stored:
                if (stored.Before is { Created: true } && !after.Created && known.Entities.Find(after.Id)!.Ends > known.Changes.ClosesOf(after.Id))
                    Broken(stored.At, $"{after.Id} was destroyed, and nobody asked for that{(known.Changes.ClosesOf(after.Id) > 0 ? " so often" : "")}.");
                foreach (var slice in stored.Before?.Slices ?? [])
                    if (after.Created && !after.Slices.Any(kept => kept.Module == slice.Module)) Broken(stored.At, $"{after.Id} lost its slice of {slice.Module}.");
                foreach (var change in known.Entities.Changes) See(stored, change);
                if (stored.Before is { } before && !ReferenceEquals(before.Extras.Schedule, after.Extras.Schedule)) Leave(stored, before, after);
                break;
        }
    }

    void See(EntityStored stored, SliceChange change)
    {
        var (before, after, id) = (change.Before, change.After, stored.After!.Id);
        var migrated = before is not null && before.Record.Schema != after.Record.Schema ? $", with a step from schema {before.Record.Schema} to {after.Record.Schema}" : "";
        if (before is not null && !after.Extends) Broken(stored.At, $"{after.Record.Module} of {id} forgot what was applied before{migrated}.");
        if (before?.Note is { } note && note != after.Note) Broken(stored.At, $"{id} had the note {note}, and has {after.Note ?? "none"} now, written by {after.Record.Version}{migrated}.");
        if (before is { Gap: true } && after is { Gap: false }) Broken(stored.At, $"{id} forgot that frames were left out.");
        if (after.Score is { } score && score != after.Applied.Length * ScoreOfHit) Broken(stored.At, $"{id} has {after.Applied.Length} hits and a score of {score}{migrated}.");
        if (after.Copper is not { } copper) return;
        var due = (before?.Copper ?? 0) + change.Added.Sum(added => (long)(known.Changes.Find(added)?.Gold ?? 0)) * CopperPerGold;
        if (copper != due) Broken(stored.At, $"{id} has {copper} copper after {string.Join(", ", change.Added)}, where {due} is due{migrated}.");
        if (copper < 0) Broken(stored.At, $"{id} has {copper} copper.");
    }

    /// <summary>Rooms are written at intervals, and when they leave memory: what they acknowledged is lost only with a silo, or with what stood between it and the store.</summary>
    public override void AtEnd(Outcome outcome)
    {
        if (!outcome.Converged) return;
        foreach (var (id, at) in acknowledged)
            if (known.Changes.Find(id) is { } asked && known.Entities.Find(asked.Entity)?.Applied.Contains(id) != true && !known.MayBeRolledBackSince(at))
                Broken(outcome.At, $"{id} was acknowledged at {at.TotalSeconds:0.000}, no silo fell after that, and it is not stored in {asked.Entity}.");
    }

    // An entry leaves the schedule when it runs. One whose handler throws has run.
    void Leave(EntityStored stored, EntityRecord before, EntityRecord after)
    {
        foreach (var (number, entry) in before.Extras.Schedule)
            if (!after.Extras.Schedule.ContainsKey(number) && JsonSerializer.Deserialize(entry.Arguments.Span, GameJson.Default.Hit) is { } hit
                && known.Entities.Find(after.Id)?.Applied.Contains(hit.Id) != true && !thrown.Contains($"hit of {after.Id}") && !known.MayBeBehind(after.Id, after.Epoch))
                Broken(stored.At, $"{after.Id} was to run {hit.Id} at frame {entry.DueFrame}; at frame {after.Frames.Frame} it has neither run nor is it to run.");
    }
}
