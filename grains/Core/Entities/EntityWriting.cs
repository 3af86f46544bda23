using Evergrain.Contracts;
using Evergrain.Core.State;

namespace Evergrain.Core.Entities;

/// <summary>Brings an entity into the store, and decides what a write that failed means for the activation.</summary>
internal static class EntityWriting
{
    // Only one of them can land: all were made on the same condition. What is older than these is no longer on its way.
    const int MaxUnanswered = 256;

    /// <summary>Writes the entity as it will be. Null, or why it is not known to be written; after a conflict the activation is gone. While the
    /// store does not answer, an entity that is ahead of it stays, so that an outage costs nothing.</summary>
    public static async ValueTask<CallError?> Write(EntityActivation activation, EntityState next, Ran ranIfNot)
    {
        var (result, fault) = await Try(activation, next, ranIfNot);
        if (result.End is WriteEnd.Conflict or WriteEnd.Overwritten && fault is null && activation.Unanswered is not null)
        {
            if (await TakeOver(activation) is { } unavailable) return Errors.StoreUnavailable(result.End == WriteEnd.Conflict ? ranIfNot : Ran.Unknown, unavailable.Message);
            if (activation.Unanswered is null) (result, fault) = await Try(activation, next, ranIfNot);
        }
        return fault ?? Outcome(activation, result, ranIfNot);
    }

    static async ValueTask<(WriteResult Result, CallError? Fault)> Try(EntityActivation activation, EntityState next, Ran ranIfNot)
    {
        EntityRecord record;
        try
        {
            record = RecordWriter.Encode(activation, next);
        }
        catch (Exception thrown)
        {
            // The module's own encoder threw: a state that cannot be written is no state.
            return (default, new CallError(ErrorCodes.ModuleFault, ranIfNot, $"The state could not be encoded: {thrown.GetType().Name}: {thrown.Message}", "It is a fault of the module: tell its author."));
        }
        var result = await RecordWriter.Write(activation.Silo.Store, record, activation.Stored);
        if (result.End == WriteEnd.Written) (activation.Stored, activation.StoredStates, activation.Unanswered) = (result.Record, next.Slices, null);
        // Not what a turn would have made: that turn is reported as failed, and what it sent must not go out beside what is sent anew.
        else if (result.End is WriteEnd.NotWritten or WriteEnd.Unknown && ReferenceEquals(next, activation.State)) Remember(activation, record.WriteId);
        return (result, null);
    }

    static CallError? Outcome(EntityActivation activation, WriteResult result, Ran ranIfNot)
    {
        switch (result.End)
        {
            case WriteEnd.Written:
                return null;
            case WriteEnd.Conflict:
                activation.Retire();
                return Errors.StoreConflict(activation.Id) with { Ran = ranIfNot };
            case WriteEnd.Overwritten:
                activation.Retire();
                return Errors.StoreConflict(activation.Id) with { Ran = Ran.Unknown, Next = "Try again with the same idempotency key." };
            case WriteEnd.Refused:
                // Nothing is lost: what could not be written stays here, and who called is told. A store without room is no entity's matter: who watches it tells.
                if (result.Refusal!.RetryAfterMs is null) activation.Silo.Log.Fault(activation.Id, "write", default, activation.Silo.Epoch, result.Why);
                return Errors.StoreRefused(ranIfNot, result.Refusal);
            default:
                // Nothing is known only here, but what the store holds now may be more than what is known here: it is read again.
                if (result.End == WriteEnd.Unknown && activation.IsStored) activation.Retire();
                return Errors.StoreUnavailable(Ran.Unknown, result.Why);
        }
    }

    static void Remember(EntityActivation activation, Guid writeId)
    {
        var unanswered = activation.Unanswered ??= [];
        if (unanswered.Count == MaxUnanswered) unanswered.RemoveAt(0);
        unanswered.Add(writeId);
    }

    // The record that is in the way may be an earlier state of this very activation, whose write took its time: it goes on from there.
    static async ValueTask<StoreUnavailableException?> TakeOver(EntityActivation activation)
    {
        try
        {
            var current = await activation.Silo.Store.Read(activation.Id);
            if (current is not null && activation.Unanswered!.Contains(current.WriteId))
                (activation.Stored, activation.StoredStates, activation.Unanswered) = (current, null, null);
            return null;
        }
        catch (StoreUnavailableException unavailable)
        {
            return unavailable;
        }
        catch (UnreadableRecordException unreadable)
        {
            return new StoreUnavailableException(unreadable.Message);
        }
    }
}
