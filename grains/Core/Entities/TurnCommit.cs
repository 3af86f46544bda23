using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>The end of every turn: all of it takes effect, written first where it must be, or none of it does.</summary>
internal static class TurnCommit
{
    public static CallReply Fail(EntityActivation activation, EntityTurn turn, CallError error)
    {
        var route = turn.Route;
        activation.End(turn);
        activation.Silo.Instruments.Turn(activation.Id.Kind, route.Slot.Id, error.Code, turn.StartedAt);
        if (error.Code == ErrorCodes.ModuleFault)
            activation.Silo.Log.Turn(TurnLogLevel.Error, activation.Id, turn.Operation, route.Slot.Id, activation.Table!.Epoch, error.Message);
        return new CallReply { Error = error, Module = route.Slot.Id, Epoch = activation.Table!.Epoch, SeenEpoch = turn.SeenEpoch };
    }

    public static ValueTask<CallReply?> Succeed(EntityActivation activation, EntityTurn turn, CallRequest request, ReadOnlyMemory<byte> result, bool raw)
    {
        if (result.Length > activation.Silo.Options.MaxReplyBytes)
            return new(Fail(activation, turn, new CallError(ErrorCodes.ReplyTooLarge, Ran.No, $"The reply is {result.Length} bytes; the bound is {activation.Silo.Options.MaxReplyBytes}.", "Ask for less.")));
        var reply = new CallReply { Result = result, Raw = raw, Module = turn.Route.Slot.Id, Epoch = activation.Table!.Epoch, SeenEpoch = turn.SeenEpoch };
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
        if (committing.IsCompletedSuccessfully && committing.Result is null) return new(reply);
        return Answer(activation, turn, committing, reply);
    }

    /// <summary>Takes the turn's outcome into the entity. Null, or why nothing of it stands.</summary>
    public static ValueTask<CallError?> Commit(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        if (turn.Effects is { Destroy: true }) return EntityLife.Destroy(activation, turn, next);
        var mustWrite = turn.Effects is { Save: true } or { Sends: true }
            || activation.Slices!.Options.Durability == Durability.BeforeReply && !ReferenceEquals(next, activation.State);
        if (mustWrite) return WriteThenInstall(activation, turn, next);
        Install(activation, turn, next);
        return default;
    }

    static async ValueTask<CallError?> WriteThenInstall(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        if (await Write(activation, next, turn.Awaited ? Ran.Unknown : Ran.No) is { } error) return error;
        Install(activation, turn, next);
        return null;
    }

    /// <summary>Writes the entity as it will be. After a conflict, or when nobody knows, this activation cannot go on.</summary>
    public static async ValueTask<CallError?> Write(EntityActivation activation, EntityState next, Ran ranIfNot)
    {
        EntityRecord record;
        try
        {
            record = RecordWriter.Encode(activation, next);
        }
        catch (Exception thrown)
        {
            // The module's own encoder threw: a state that cannot be written is no state.
            return new CallError(ErrorCodes.ModuleFault, ranIfNot, $"The state could not be encoded: {thrown.GetType().Name}: {thrown.Message}", "It is a fault of the module: tell its author.");
        }
        var result = await RecordWriter.Write(activation.Silo.Store, record, activation.Stored);
        switch (result.End)
        {
            case WriteEnd.Written:
                activation.Stored = result.Record;
                activation.StoredStates = next.Slices;
                return null;
            case WriteEnd.NotWritten:
                return Errors.StoreUnavailable(ranIfNot, result.Why);
            case WriteEnd.Conflict:
                activation.GiveUp();
                return Errors.StoreConflict(activation.Id) with { Ran = ranIfNot };
            default:
                activation.GiveUp();
                return Errors.StoreUnavailable(Ran.Unknown, result.Why);
        }
    }

    static async ValueTask<CallReply?> Answer(EntityActivation activation, EntityTurn turn, ValueTask<CallError?> committing, CallReply reply)
    {
        if (await committing is not { } error) return reply;
        activation.End(turn);
        return reply with { Error = error, Result = default };
    }

    static void Install(EntityActivation activation, EntityTurn turn, EntityState next)
    {
        var silo = activation.Silo;
        var route = turn.Route;
        var before = activation.State!;
        if (!ReferenceEquals(next, before))
        {
            activation.State = next;
            if (!ReferenceEquals(activation.StoredStates, next.Slices) || activation.Stored is null || !ReferenceEquals(activation.Stored.Extras, next.Extras)) activation.MarkDirty();
        }
        activation.End(turn);
        if (turn.Effects is { } effects) Leave(activation, turn, effects, before.EventSequence);
        silo.Clock.Ensure(activation);
        silo.Instruments.Turn(activation.Id.Kind, route.Slot.Id, "ok", turn.StartedAt);
    }

    // What the turn sent, told and began goes out only now.
    static void Leave(EntityActivation activation, EntityTurn turn, TurnEffects effects, long sequence)
    {
        var slot = turn.Route.Slot;
        foreach (var (name, data) in effects.Events)
            activation.Silo.Publish(new GameEvent(activation.Id, ++sequence, name, data, slot.Id, activation.Table!.Epoch));
        foreach (var work in effects.Work) (activation.Work ??= new TrackedWorkSet(activation)).Start(work, turn);
        if (effects.Sends) (activation.Outbox ??= new OutboxPump(activation)).Pump();
    }

    static EntityState Remember(EntityState next, CallRequest request, Guid key, CallReply reply, DateTimeOffset now)
    {
        var remembered = new RememberedReply(DerivedKey.BodyHash(request.Operation, request.Arguments.Span), reply, now, request.Delivery);
        return next with { Extras = next.Extras with { Window = next.Extras.Window.Add(request.Caller, key, remembered) } };
    }
}
