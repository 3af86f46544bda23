using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Simulator.Checks.Knowledge;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Checks;

/// <summary>P1: a call that is right ends in an error only where something went wrong that explains it.</summary>
internal sealed class ErrorsAreExplained(Known known) : Checker("P1")
{
    // What a player's call could meet at the soonest: its own deadline, on a silo whose clock is ahead.
    static readonly TimeSpan SoonestDeadline = TimeSpan.FromSeconds(2.4);

    readonly Dictionary<string, TimeSpan> thrown = new(StringComparer.Ordinal);
    readonly Dictionary<int, CallBegan> began = [];
    readonly Dictionary<(int Call, int Attempt), TimeSpan> attempts = [];

    public override void See(Observation observation)
    {
        switch (observation)
        {
            case CallBegan call:
                began.TryAdd(call.Call, call);
                attempts[(call.Call, call.Attempt)] = call.At;
                break;
            case FaultTook { Kind: FaultKind.HandlerThrows } fault:
                thrown[fault.What] = fault.At;
                break;
            case CallEnded { Reply.Error: { } error } ended when !Explains(ended, error):
                Broken(ended.At, $"call {ended.Call} try {ended.Attempt}, {ended.Request.Operation} of {ended.Request.Entity}, ended with {error.Code}, which nothing explains: {error.Message}");
                break;
        }
    }

    bool Explains(CallEnded ended, CallError error) => error.Code switch
    {
        ErrorCodes.Rejected => ended.Request.Operation == "wallet.transfer" && error.Reason == "poor",
        ErrorCodes.CallCycle => AskOf(ended) is { } ask && ask.To == ended.Request.Entity.Key,
        ErrorCodes.ModuleFault => AskOf(ended) is { Fails: true } || WasMadeToThrow(ended),
        ErrorCodes.EntityQuarantined => known.MayBeBehind(ended.Request.Entity),
        ErrorCodes.Deadline => ended.At - attempts[(ended.Call, ended.Attempt)] >= SoonestDeadline && (MayTakeLong || ended.Request.Entity.Kind == "room"),
        ErrorCodes.StoreUnavailable => known.Took(FaultKind.StoreAnswerLost, FaultKind.StoreRequestLost, FaultKind.StoreLate, FaultKind.TornWrite) || SilosWent || known.MayBeBehind(ended.Request.Entity),
        ErrorCodes.SiloLost => SilosWent,
        ErrorCodes.SiloNotReady or ErrorCodes.StoreConflict or ErrorCodes.Cancelled => known.AnyFault,
        // The rest is for calls that are wrong, or a mistake of ours, or no error code at all.
        _ => false,
    };

    // Rooms may also wait for each other.
    bool MayTakeLong => SilosWent || known.Took(FaultKind.PauseSilo, FaultKind.ClockSkew, FaultKind.Partition, FaultKind.DelayMessages, FaultKind.DropMessages, FaultKind.ReorderMessages,
        FaultKind.StoreAnswerLost, FaultKind.StoreRequestLost, FaultKind.StoreLate, FaultKind.TornWrite, FaultKind.PrepareFails, FaultKind.MigrationThrows);

    bool SilosWent => known.SilosWent || known.Took(FaultKind.CrashSilo, FaultKind.CrashVersionGrain, FaultKind.CrashAll, FaultKind.KillSilo, FaultKind.SuspectSilo, FaultKind.Leave);

    bool WasMadeToThrow(CallEnded ended)
    {
        var (entity, operation) = (ended.Request.Entity, ended.Request.Operation);
        return Threw($"{operation[(operation.IndexOf('.') + 1)..]} of {entity}", ended) || AskOf(ended) is { } ask && Threw($"hit of room/{ask.To}", ended);
    }

    bool Threw(string what, CallEnded ended) => thrown.TryGetValue(what, out var at) && at >= began[ended.Call].At;

    static Ask? AskOf(CallEnded ended) => ended.Request.Operation == "room.ask" ? JsonSerializer.Deserialize(ended.Request.Arguments.Span, GameJson.Default.Ask) : null;
}
