using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P5: acknowledged durable state is not lost, a migration is applied once or not at all, and fields that the running code does not
/// know stay.</summary>
internal sealed class DurableStateStays(Known known) : Checker("P5")
{
    const int CopperPerGold = 100;
    const int ScoreOfHit = 10;

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallEnded { Reply.Ok: true, Request.Entity.Kind: "wallet" } ended when known.Changes.Of(ended.Call) is { } asked:
                if (known.Entities.Find(asked.Entity)?.Applied.Contains(asked.Id) != true) Broken(ended.At, $"{asked.Id} was acknowledged and is not stored in {asked.Entity}.");
                break;
            case EntityStored { After: null } deleted:
                Broken(deleted.At, $"{deleted.Before!.Id} was deleted, and nobody destroyed it.");
                break;
            case EntityStored { After: { } after } stored:
                if (stored.Before is { Created: true } && !after.Created) Broken(stored.At, $"{after.Id} was destroyed, and nobody asked for that.");
                foreach (var slice in stored.Before?.Slices ?? [])
                    if (!after.Slices.Any(kept => kept.Module == slice.Module)) Broken(stored.At, $"{after.Id} lost its slice of {slice.Module}.");
                foreach (var change in known.Entities.Changes) See(stored, change);
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
}
