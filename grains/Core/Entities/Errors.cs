using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Entities;

/// <summary>The one place where what goes wrong in a turn becomes an error for its caller. Exceptions of modules become text here: one that
/// is kept would keep the module's code alive.</summary>
internal static class Errors
{
    public static CallError UnknownKind(EntityId id) =>
        new(ErrorCodes.UnknownKind, Ran.No, $"No module of this release owns the entity kind '{id.Kind}'.", "Check the kind, or roll out a module that owns it.");

    public static CallError UnknownOperation(EntityId id, string operation) =>
        new(ErrorCodes.UnknownOperation, Ran.No, $"'{id.Kind}' has no operation '{operation}' in this release.", "Check the name (module.operation), or roll out a version that has it.");

    public static CallError Forbidden(string operation) =>
        new(ErrorCodes.Forbidden, Ran.No, $"'{operation}' is for entities, not for players.", "Call an operation that is open to players.");

    public static CallError NoSuchEntity(EntityId id) =>
        new(ErrorCodes.NoSuchEntity, Ran.No, $"{id} was never created, or was destroyed.", "Create it first; this kind is not created by a call.");

    public static CallError Overloaded(EntityId id, int bound) =>
        new(ErrorCodes.Overloaded, Ran.No, $"{bound} calls wait for {id} already.", "Try again after the given time.") { RetryAfterMs = 100 };

    public static CallError Cycle(EntityId id, CallChain chain) =>
        new(ErrorCodes.CallCycle, Ran.No, chain.Depth >= CallChain.MaxDepth
            ? $"The chain of calls is {chain.Depth} entities long."
            : $"{id} waits for this very call, on behalf of which it would run.", "Send instead of calling, or let the first entity pass on what is needed.");

    public static CallError LateBeforeTurn(EntityId id, string? running) =>
        new(ErrorCodes.Deadline, Ran.No, $"The deadline passed while the call waited for {id}{(running is null ? "" : $", which was running {running}")}.", "Try again, with a later deadline if need be.") { RetryAfterMs = 1000 };

    public static CallError LateInTurn(EntityTurn turn) =>
        new(ErrorCodes.Deadline, turn.RanIfDropped, $"The deadline passed while {turn.Operation} of {turn.Entity} was running{(turn.WaitsFor is { } other ? $" and waited for {other}" : "")}; its turn was dropped.",
            "Ask for the state, or try again with the same idempotency key.");

    public static CallError NoAnswer(EntityId id, string operation) =>
        new(ErrorCodes.Deadline, Ran.Unknown, $"{operation} of {id} has not said what it came to: the store does not answer.", "Try again with the same idempotency key.") { RetryAfterMs = 1000 };

    public static CallError Internal(string operation, Exception thrown) =>
        new(ErrorCodes.Internal, Ran.Unknown, $"{operation} could not be served: {thrown.GetType().Name}: {thrown.Message}", "It is a fault of the server: tell its operators.");

    public static CallError ReplyTooLarge(Ran ran, int bytes, int bound) =>
        new(ErrorCodes.ReplyTooLarge, ran, $"The reply is {bytes} bytes; the bound is {bound}.", "Ask for less.");

    public static CallError EpochUnknown(long seen, long known) =>
        new(ErrorCodes.EpochUnknown, Ran.No, $"The caller has seen epoch {seen}, but the cluster is at {known}.", "Forget the epoch that you remember: it is of another cluster, or of a store that was restored.");

    public static CallError Key(KeyProblem problem) => problem switch
    {
        KeyProblem.Reused => new(ErrorCodes.KeyReused, Ran.No, "This idempotency key was used with another operation or other arguments.", "Make a new key for every new call."),
        KeyProblem.Expired => new(ErrorCodes.KeyExpired, Ran.Unknown, "This idempotency key is older than what the entity remembers.", "Ask for the state before you send the call again with a new key."),
        KeyProblem.Bad => new(ErrorCodes.BadKey, Ran.No, "The idempotency key is no UUIDv7, or its time is in the future.", "Make keys as UUIDv7, by a clock that is right."),
        _ => new(ErrorCodes.Overloaded, Ran.No, "The entity remembers as many sends as it can.", "Try again after the given time.") { RetryAfterMs = 1000 },
    };

    public static CallError Quarantined(EntityId id, string why) =>
        new(ErrorCodes.EntityQuarantined, Ran.No, $"{id} cannot be brought to the serving version: {why}", "Roll out a version that can migrate it; its stored state is untouched.") { RetryAfterMs = 5000 };

    public static CallError StoreUnavailable(Ran ran, string why) =>
        new(ErrorCodes.StoreUnavailable, ran, $"The store did not answer: {why}", ran == Ran.No ? "Try again after the given time." : "Try again with the same idempotency key.") { RetryAfterMs = 1000 };

    public static CallError StoreRefused(Ran ran, StoreRefusal refusal) =>
        new(refusal.Code, ran, refusal.Message, refusal.Next) { RetryAfterMs = refusal.RetryAfterMs };

    public static CallError RecordUnreadable(UnreadableRecordException unreadable) =>
        new(ErrorCodes.RecordUnreadable, Ran.No, unreadable.Message, "Its bytes are untouched: restore it from a backup, or tell the operators.");

    public static CallError StoreConflict(EntityId id) =>
        new(ErrorCodes.StoreConflict, Ran.No, $"{id} is active on another silo, which wrote it first.", "Try again.") { RetryAfterMs = 50 };

    public static CallError NotReady(string silo) =>
        new(ErrorCodes.SiloNotReady, Ran.No, $"Silo {silo} does not serve: it is joining or leaving.", "Try again after the given time.") { RetryAfterMs = 200 };

    /// <param name="awaited">The turn has awaited calls, which are not undone.</param>
    public static CallError Of(Exception thrown, string operation, bool awaited)
    {
        var ran = awaited ? Ran.Unknown : Ran.No;
        return thrown switch
        {
            RejectedException rejected => new(ErrorCodes.Rejected, ran, rejected.Message, "The rules of the game say no: ask for something else.") { Reason = rejected.Reason },
            BadArgumentsException bad => new(ErrorCodes.BadArguments, ran, $"The arguments do not fit {operation}: {bad.Message}", "See the operation's schema in its package."),
            EffectsTooManyException many => new(ErrorCodes.EffectsTooMany, ran, many.Message, "Do less in one turn."),
            CallFailedException failed => failed.Error with { Ran = failed.Error.Ran == Ran.No && !awaited ? Ran.No : Ran.Unknown, Message = $"{operation} awaited a call that failed: {failed.Error.Message}" },
            OperationCanceledException => new(ErrorCodes.Cancelled, ran, $"{operation} was cancelled.", "Try again."),
            _ => new(ErrorCodes.ModuleFault, ran, $"{operation} failed: {thrown.GetType().Name}: {thrown.Message}", "It is a fault of the module: tell its author."),
        };
    }
}

internal enum KeyProblem { Reused, Expired, Bad, Full }

/// <summary>A turn asked for more sends, events or schedules than one may.</summary>
internal sealed class EffectsTooManyException(string message) : Exception(message);
