using System.Collections.Immutable;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>The steps of an entity's life inside its gate: create, deactivate, destroy.</summary>
internal static class EntityLife
{
    /// <summary>Makes the entity as part of a turn: its created and activated handlers run. Null, or why it cannot be made.</summary>
    public static CallError? Make(EntityTurn turn)
    {
        turn.Creates = true;
        return InvokeAll(turn, "created", definition => definition.Created) ?? InvokeAll(turn, "activated", definition => definition.Activated);
    }

    /// <summary>Makes the entity in a turn of its own. Null, or why it was not made.</summary>
    public static async ValueTask<CallError?> Create(EntityActivation activation)
    {
        var turn = NewTurn(activation, "created");
        return Make(turn) is { } thrown ? TurnCommit.Fail(activation, turn, thrown).Error : await TurnCommit.Finish(activation, turn);
    }

    public static async ValueTask RunHandlers(EntityActivation activation, string step, Func<SliceDefinition, TurnHandler?> which)
    {
        if (!activation.Slices!.Routes.Any(route => which(route.Definition) is not null)) return;
        var turn = NewTurn(activation, step);
        if (InvokeAll(turn, step, which) is { } thrown) TurnCommit.Fail(activation, turn, thrown);
        else await TurnCommit.Finish(activation, turn);
    }

    public static EntityTurn NewTurn(EntityActivation activation, string step)
    {
        var now = activation.Silo.Time.GetUtcNow();
        var frame = activation.State!.Frames.At(now, activation.Slices!.Options.FramesPerSecond);
        var turn = new EntityTurn(activation, 0, new TurnStart(step, now, now.UtcTicks, frame, null), activation.NextSeed());
        activation.Begin(turn);
        return turn;
    }

    /// <summary>Ends the entity: destroyed handlers, then a record without slices, which goes once its last sends have arrived.</summary>
    public static async ValueTask<CallError?> Destroy(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        if (InvokeAll(turn, "destroyed", definition => definition.Destroyed) is { } thrown) return TurnCommit.Fail(activation, turn, thrown).Error;
        turn.Seal();
        EntityState ended;
        try
        {
            ended = Ended(activation, turn, turn.Next(), next.Extras.Window);
        }
        catch (Exception failed)
        {
            return TurnCommit.Fail(activation, turn, Errors.Of(failed, "destroyed", turn.Awaited)).Error;
        }
        if (await EntityWriting.Write(activation, ended, turn.RanIfDropped) is { } error) return TurnCommit.Fail(activation, turn, error).Error;
        activation.Work?.Cancel();
        TurnCommit.Install(activation, turn, ended);
        // What kept it from the serving versions went with it: what comes after it begins with them.
        if (activation.LeftBehind is not null) activation.Demand(Chores.Evict);
        return null;
    }

    // The first states are there in case a call makes it anew.
    static EntityState Ended(EntityActivation activation, EntityTurn turn, EntityState last, IdempotencyWindow window)
    {
        var states = turn.Slices.Routes.Select(route => route.Definition.Initial(activation.Id)).ToArray();
        var number = last.Extras.LastSendNumber;
        var farewells = last.Extras.Owned.OrderBy(owned => owned.ToString(), StringComparer.Ordinal).Select(owned => (To: owned, Operation: InternalOperations.Destroy));
        if (last.Extras.Owner is { } owner) farewells = farewells.Append((owner, InternalOperations.Disown));
        var sends = farewells.Select(send => new OutboxEntry(++number, activation.Silo.Ids.NewGuid(), send.To, send.Operation, default, turn.Now, turn.SeenEpoch)).ToArray();
        var outbox = last.Extras.Outbox.AddRange(sends.Select(send => KeyValuePair.Create(send.Number, send)));
        return new EntityState(states, last.Frames.Stop(), last.EventSequence, EntityExtras.None with
        {
            Outbox = outbox, LastSendNumber = number, Window = window, LastScheduleId = last.Extras.LastScheduleId,
        }, Created: false);
    }

    /// <summary>Leaves memory in good order. False when it must stay, because it could not be written.</summary>
    public static async ValueTask<bool> Deactivate(EntityActivation activation)
    {
        if (activation.State is { Created: true }) await RunHandlers(activation, "deactivating", definition => definition.Deactivating);
        if (activation.State is { } last && !await Stored(activation, last)) return activation.IsGone;
        activation.Retire();
        return true;
    }

    static async ValueTask<bool> Stored(EntityActivation activation, EntityState last)
    {
        if (!last.Created && activation.Stored is null) return true;
        if (!last.Created && last.Extras.Outbox.Count == 0 && last.Extras.Window.Prune(activation.Silo.Time.GetUtcNow()).Count == 0)
        {
            var deleted = await RecordWriter.Write(activation.Silo.Store, activation.Stored!, activation.Stored, delete: true);
            if (deleted.End == WriteEnd.Written) activation.Outbox?.Written();
            return true; // One that stays in the store is empty: no harm.
        }
        if (!activation.IsStored && await EntityWriting.Write(activation, last, Ran.No) is not null) return false;
        activation.Outbox?.Written();
        return true;
    }

    static CallError? InvokeAll(EntityTurn turn, string step, Func<SliceDefinition, TurnHandler?> which)
    {
        var outer = turn.Slice;
        var context = turn.Unawaited.Enter();
        try
        {
            for (var i = 0; i < turn.Slices.Count; i++)
            {
                turn.Slice = i;
                which(turn.Slices.Routes[i].Definition)?.Invoke(turn);
            }
            return null;
        }
        catch (Exception thrown)
        {
            return Errors.Of(thrown, step, turn.Awaited);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            turn.Slice = outer;
        }
    }
}
