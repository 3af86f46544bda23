using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;

namespace Evergrain.Simulator.Checks;

/// <summary>P3: no turn mixes versions, of code or of data; replies, events and records name the one version and epoch that ran.</summary>
internal sealed class OneVersionPerTurn(Known known) : Checker("P3")
{
    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallEnded { Reply.Ok: true } ended:
                See(ended);
                break;
            case EventHeard heard:
                See(heard);
                break;
            case EntityStored { After: { } } stored:
                foreach (var change in known.Entities.Changes) See(stored, change);
                break;
        }
    }

    void See(CallEnded ended)
    {
        var (what, reply) = ($"the reply to call {ended.Call}", ended.Reply);
        var module = ended.Request.Operation[..ended.Request.Operation.IndexOf('.')];
        if (reply.Module.Name != module) Broken(ended.At, $"{what} of {ended.Request.Operation} names {reply.Module}.");
        if (!known.Entities.WasStuck(ended)) Names(ended.At, what, ended.Request.Entity, reply.Module, reply.Epoch);
        switch (module)
        {
            case "wallet":
                var purse = JsonSerializer.Deserialize(reply.Result.Span, GameJson.Default.PurseView)!;
                Ran(ended, purse.Version, purse.Tuning, purse.TuningAtEnd);
                break;
            case "room":
                var hall = JsonSerializer.Deserialize(reply.Result.Span, GameJson.Default.HallView)!;
                Ran(ended, hall.Version, hall.Tuning, hall.TuningAtEnd);
                if (hall.Other is { } other) Mixes(ended, other);
                break;
            case "badge":
                var badge = JsonSerializer.Deserialize(reply.Result.Span, GameJson.Default.BadgeView)!;
                if (badge.Version != reply.Module.Version) Broken(ended.At, $"{what} names {reply.Module}; its code says {badge.Version}.");
                break;
        }
    }

    void Ran(CallEnded ended, string version, int tuning, int tuningAtEnd)
    {
        var reply = ended.Reply;
        if (version != reply.Module.Version) Broken(ended.At, $"the reply to call {ended.Call} names {reply.Module}; its code says {version}.");
        if (tuning != tuningAtEnd) Broken(ended.At, $"call {ended.Call} read tuning {tuning} at its begin and {tuningAtEnd} at its end.");
        if (known.Releases.Version(reply.Epoch, reply.Module.Name) != version)
        {
            // It stayed behind, as its name says: with its code, its data.
            if (!known.Releases.ServedTogether(reply.Module.Name, version, tuning)) Broken(ended.At, $"call {ended.Call} ran {reply.Module} with tuning {tuning}, which no release has together.");
        }
        else if (tuning != known.Releases.Tuning(reply.Epoch) && !IsBehind(ended.Request.Entity, reply.Module, reply.Epoch) && !known.Entities.WasStuck(ended))
            Broken(ended.At, $"call {ended.Call} at epoch {reply.Epoch} read tuning {tuning}; the release has {known.Releases.Tuning(reply.Epoch)}.");
    }

    // The turn that it awaited says no epoch, but one release must have all that it ran with.
    void Mixes(CallEnded ended, HallView other)
    {
        if (other.Tuning != other.TuningAtEnd) Broken(ended.At, $"what call {ended.Call} awaited read tuning {other.Tuning} at its begin and {other.TuningAtEnd} at its end.");
        if (!known.Releases.ServedTogether("room", other.Version, other.Tuning) && !known.MayBeBehind(ended.Request.Entity, ended.Reply.SeenEpoch))
            Broken(ended.At, $"what call {ended.Call} awaited ran room@{other.Version} with tuning {other.Tuning}, which no release has together.");
    }

    void See(EventHeard heard)
    {
        var told = heard.Event;
        Names(heard.At, $"event {told.Sequence} of {told.From}", told.From, told.Module, told.Epoch);
        var version = told.Name == "room.hit" ? JsonSerializer.Deserialize(told.Data.Span, GameJson.Default.HallHit)!.Version : JsonSerializer.Deserialize(told.Data.Span, GameJson.Default.PurseMoved)!.Version;
        if (version != told.Module.Version) Broken(heard.At, $"event {told.Sequence} of {told.From} names {told.Module}; its code says {version}.");
    }

    // What a write changed is of one turn, or of turns of one table: all of it is of the epoch of the record.
    void See(EntityStored stored, SliceChange change)
    {
        var (slice, record) = (change.After.Record, stored.After!);
        if (slice.Epoch != record.Epoch) Broken(stored.At, $"{slice.Module} of {record.Id} was written at epoch {slice.Epoch} into a record of epoch {record.Epoch}.");
        Names(stored.At, $"a slice of {record.Id}", record.Id, new ModuleId(slice.Module, slice.Version), slice.Epoch);
        var schema = slice is { Version: "2.0.0", Module: "wallet" or "room" } ? 2 : 1;
        if (slice.Schema != schema) Broken(stored.At, $"{slice.Module}@{slice.Version} of {record.Id} was written under schema {slice.Schema}.");
    }

    void Names(TimeSpan at, string what, EntityId entity, ModuleId module, long epoch)
    {
        if (known.Releases.At(epoch) is null) Broken(at, $"{what} names epoch {epoch}, which was never committed.");
        else if (known.Releases.Version(epoch, module.Name) != module.Version && !IsBehind(entity, module, epoch))
            Broken(at, $"{what} names {module} at epoch {epoch}; the release has {known.Releases.Version(epoch, module.Name)}.");
    }

    // An entity that cannot be migrated goes on at the new epoch with what it ran before.
    bool IsBehind(EntityId entity, ModuleId module, long epoch) => known.MayBeBehind(entity, epoch) && known.Releases.Served(module.Name, module.Version, epoch);
}
