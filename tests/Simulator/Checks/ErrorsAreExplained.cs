using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P1: a call that is right ends in an error only where something went wrong that explains it, and shortly before.</summary>
internal sealed class ErrorsAreExplained(Known known) : Checker("P1")
{
    // A caller's transport gives up no sooner, whatever the deadline.
    static readonly TimeSpan SoonestGivenUp = TimeSpan.FromSeconds(3);

    // A silo's clock may be so much ahead.
    static readonly TimeSpan LargestSkew = TimeSpan.FromSeconds(0.8);

    // A call that may be sent elsewhere is, until no time is left for it.
    static readonly TimeSpan LastWayTaken = TimeSpan.FromSeconds(0.2);

    // What is asked with less patience than this may be late though all is well.
    static readonly TimeSpan Patient = TimeSpan.FromSeconds(2);

    // What a player was told that it is late may run so much longer.
    static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(6);

    // As long as an operator waits for an answer.
    static readonly TimeSpan OperatorsPatience = TimeSpan.FromSeconds(10);

    readonly Dictionary<string, TimeSpan> thrown = new(StringComparer.Ordinal);
    readonly Dictionary<int, CallBegan> began = [];
    readonly Dictionary<string, TimeSpan> askedLast = new(StringComparer.Ordinal);

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan call:
                began.TryAdd(call.Call, call);
                if (call.Request.Operation == "room.ask") askedLast[call.Request.Entity.Key] = call.At;
                break;
            case FaultTook { Kind: FaultKind.HandlerThrows } fault:
                thrown[fault.What] = fault.At;
                break;
            case CallEnded { Reply.Error: { } error } ended when !Explains(ended, error, ended.Began):
                Broken(ended.At, $"call {ended.Call} try {ended.Attempt}, {ended.Request.Operation} of {ended.Request.Entity}, ended with {error.Code}, which nothing explains: {error.Message}");
                break;
            case OperatorAsked { Outcome: "no answer" } asked when !MayTakeLong(asked.At - OperatorsPatience):
                Broken(asked.At, $"the operator asked: {asked.What}, and nobody answered.");
                break;
        }
    }

    bool Explains(CallEnded ended, CallError error, TimeSpan from) => error.Code switch
    {
        ErrorCodes.Rejected => ended.Request.Operation == "wallet.transfer" && error.Reason == "poor",
        ErrorCodes.CallCycle => AskOf(ended) is { } ask && ask.To == ended.Request.Entity.Key,
        ErrorCodes.ModuleFault => AskOf(ended) is { Fails: true } || WasMadeToThrow(ended),
        ErrorCodes.EntityQuarantined => known.MayBeBehind(ended.Request.Entity, ended.Reply.SeenEpoch),
        ErrorCodes.Deadline => IsLate(ended, from) && (Allowed(ended, from) < Patient || MayTakeLong(from) || WaitsForRooms(ended, from)),
        ErrorCodes.StoreUnavailable => error.RetryAfterMs > 0 && (known.Troubles.StoreFailedSince(from) || known.Troubles.SilosWentSince(from) || known.MayBeBehind(ended.Request.Entity, ended.Reply.SeenEpoch)),
        ErrorCodes.EpochUnknown => error.Ran == Ran.No && known.Troubles.Took(FaultKind.Restore) && ended.Request.SeenEpoch > known.Releases.Newest,
        ErrorCodes.SiloLost => known.Troubles.SilosWentSince(from),
        ErrorCodes.SiloNotReady => known.Troubles.AnyFeltSince(from) && (error.Ran != Ran.No || AskOf(ended) is not null || ended.At - from >= Allowed(ended, from) - LastWayTaken),
        ErrorCodes.StoreConflict or ErrorCodes.Cancelled => known.Troubles.AnyFeltSince(from),
        // The rest is for calls that are wrong, or a mistake of ours, or no error code at all.
        _ => false,
    };

    static TimeSpan Allowed(CallEnded ended, TimeSpan from) => ended.Request.Deadline!.Value - Clock.Start - from;

    // By the clock of whoever looked at it.
    bool IsLate(CallEnded ended, TimeSpan from)
    {
        var allowed = Allowed(ended, from) < SoonestGivenUp ? Allowed(ended, from) : SoonestGivenUp;
        return ended.At - from >= (known.Troubles.Took(FaultKind.ClockSkew) ? allowed - LargestSkew : allowed);
    }

    // Rooms that ask each other wait for each other, and who calls them waits with them.
    bool WaitsForRooms(CallEnded ended, TimeSpan from) =>
        AskOf(ended) is not null || ended.Request.Entity.Kind == "room" && askedLast.TryGetValue(ended.Request.Entity.Key, out var asked) && asked + LongestTurn >= from;

    bool MayTakeLong(TimeSpan from) => known.Troubles.SilosWentSince(from) || known.Troubles.StoreFailedSince(from) || known.Troubles.FeltSince(from, FaultKind.PauseSilo, FaultKind.Partition,
        FaultKind.DelayMessages, FaultKind.DropMessages, FaultKind.ReorderMessages, FaultKind.PrepareFails, FaultKind.MigrationThrows);

    bool WasMadeToThrow(CallEnded ended)
    {
        var (entity, operation) = (ended.Request.Entity, ended.Request.Operation);
        return Threw($"{operation[(operation.IndexOf('.') + 1)..]} of {entity}", ended) || AskOf(ended) is { } ask && Threw($"hit of room/{ask.To}", ended);
    }

    bool Threw(string what, CallEnded ended) => thrown.TryGetValue(what, out var at) && at >= began[ended.Call].At;

    static Ask? AskOf(CallEnded ended) => ended.Request.Operation == "room.ask" ? JsonSerializer.Deserialize(ended.Request.Arguments.Span, GameJson.Default.Ask) : null;
}
