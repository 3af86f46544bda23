using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>The end of every turn: all of it takes effect, written first where it must be, or none of it does.</summary>
internal static class TurnCommit
{
    public static CallReply Fail(EntityActivation activation, EntityTurn turn, CallError error)
    {
        var (module, epoch) = (turn.Route.Slot.Id, turn.Table.Epoch);
        activation.End(turn);
        activation.Silo.Instruments.Turn(activation.Id.Kind, module, error.Code, turn.MeasuredFrom);
        if (error.Code == ErrorCodes.ModuleFault) activation.Silo.Log.Fault(activation.Id, turn.Operation, module, epoch, error.Message);
        return new CallReply { Error = error, Module = module, Epoch = epoch, SeenEpoch = turn.SeenEpoch };
    }

    public static ValueTask<CallReply?> Succeed(EntityActivation activation, EntityTurn turn, CallRequest request, ReadOnlyMemory<byte> result, bool raw)
    {
        if (result.Length > activation.Silo.Options.MaxReplyBytes)
            return new(Fail(activation, turn, Errors.ReplyTooLarge(turn.RanIfDropped, result.Length, activation.Silo.Options.MaxReplyBytes)));
        var reply = new CallReply { Result = result, Raw = raw, Module = turn.Route.Slot.Id, Epoch = turn.Table.Epoch, SeenEpoch = turn.SeenEpoch };
        EntityState next;
        try
        {
            next = turn.Next();
        }
        catch (EffectsTooManyException many)
        {
            return new(Fail(activation, turn, Errors.Of(many, turn.Operation, turn.Awaited)));
        }
        if (request.Key is { } key) next = Remember(next, request, key, reply, activation.Silo.Time.GetUtcNow());
        var committing = Commit(activation, turn, next);
        if (!committing.IsCompletedSuccessfully) return Answer(committing, reply);
        return new(committing.Result is { } error ? Unanswered(reply, error) : reply);
    }

    /// <summary>For a turn that answers nobody. Null, or why nothing of it stands.</summary>
    public static ValueTask<CallError?> Finish(EntityActivation activation, EntityTurn turn)
    {
        try
        {
            return Commit(activation, turn, turn.Next());
        }
        catch (EffectsTooManyException many)
        {
            return new(Fail(activation, turn, Errors.Of(many, turn.Operation, turn.Awaited)).Error);
        }
    }

    /// <summary>Takes the turn's outcome into the entity. Null, or why nothing of it stands; the turn is over either way.</summary>
    public static ValueTask<CallError?> Commit(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        var ends = turn.Effects is { Destroy: true };
        // The sender of a delivery forgets it once it is answered.
        var mustWrite = ends || turn.IsDelivery || turn.Effects is { Save: true } or { Sends: true }
            || turn.Slices.Options.Durability == Durability.BeforeReply && !ReferenceEquals(next, activation.State);
        // A write may fail, and the entity then goes on from where it stands.
        if (mustWrite && turn.IsFrame) FrameTurns.Reach(activation, turn.Frame);
        if (ends) return EntityLife.Destroy(activation, turn, next);
        turn.Seal();
        if (mustWrite) return WriteThenInstall(activation, turn, next);
        Install(activation, turn, next);
        return default;
    }

    static async ValueTask<CallError?> WriteThenInstall(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        if (await EntityWriting.Write(activation, next, turn.RanIfDropped) is { } error) return Fail(activation, turn, error).Error;
        Install(activation, turn, next);
        return null;
    }

    /// <summary>The turn's outcome is the entity from now on, and what the turn sent, told and began goes out.</summary>
    public static void Install(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        var silo = activation.Silo;
        var before = activation.State!;
        if (!ReferenceEquals(next, before))
        {
            activation.State = next;
            if (!activation.IsStored) activation.Changed();
        }
        activation.End(turn);
        if (turn.Effects is { } effects) Leave(activation, turn, effects, before.EventSequence);
        silo.Clock.Ensure(activation);
        silo.Instruments.Turn(activation.Id.Kind, turn.Route.Slot.Id, "ok", turn.MeasuredFrom);
    }

    public static EntityState Remember(EntityState next, CallRequest request, Guid key, CallReply reply, DateTimeOffset now)
    {
        var remembered = new RememberedReply(DerivedKey.BodyHash(request.Operation, request.Arguments.Span), reply, now, request.Delivery);
        return next with { Extras = next.Extras with { Window = next.Extras.Window.Add(request.Caller, key, remembered) } };
    }

    static async ValueTask<CallReply?> Answer(ValueTask<CallError?> committing, CallReply reply) =>
        await committing is { } error ? Unanswered(reply, error) : reply;

    static CallReply Unanswered(CallReply reply, CallError error) => reply with { Error = error, Result = default, Raw = false };

    static void Leave(EntityActivation activation, EntityTurn turn, TurnEffects effects, long sequence)
    {
        if (!effects.Destroy)
            foreach (var work in effects.Work) (activation.Work ??= new TrackedWorkSet(activation)).Start(work, turn);
        if (effects.Sends || effects.Destroy) (activation.Outbox ??= new OutboxPump(activation)).Pump();
        foreach (var (name, data, slot) in effects.Events)
            Publish(activation, turn, new GameEvent(activation.Id, ++sequence, name, data, slot.Id, turn.Table.Epoch));
    }

    // The turn stands already: a listener that fails must not fail it.
    static void Publish(EntityActivation activation, EntityTurn turn, GameEvent told)
    {
        try
        {
            activation.Silo.Publish(told);
        }
        catch (Exception thrown)
        {
            activation.Silo.Log.Turn(TurnLogLevel.Error, activation.Id, turn.Operation, told.Module, told.Epoch, $"Event {told.Name} could not be handed on: {thrown}");
        }
    }
}
