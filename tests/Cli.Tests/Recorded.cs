using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Tests;

/// <summary>Messages as a cluster of two silos would give them.</summary>
internal static class Recorded
{
    public static readonly DateTimeOffset At = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ModuleChange Change = new("battle", "1.0.0", "1.1.0", ["~ Battle.BattleModule.Cast", "+ Battle.BattleModule.Heal"]);

    public static readonly Finding BadPath = new("package/path-escapes", "lib/../../x.dll", "The entry points outside the package.", "pack it again with evergrain pack");

    public static readonly Finding Throws = new("prepare/configure-throws", "Battle.BattleModule.Configure", "Configure threw InvalidOperationException: no balance.", "make Configure work without a balance")
    {
        Module = "battle@1.1.0",
    };

    public static readonly ClusterStatus Status = new(7,
    [
        new("silo-1", 7, 401, [new("battle", "1.1.0", SlotState.Serving, 401) { Digest = "00ff" }, new("battle", "1.0.0", SlotState.Gone, 0)]),
        new("silo-2", 6, 3, [new("battle", "1.0.0", SlotState.Stuck, 2) { Digest = "aa11", Holders = ["Battle.Leak.Rooms"] }]),
    ], null);

    public static readonly EntityView Room = new()
    {
        Id = new("battle", "room-17"),
        Silo = "silo-1",
        Epoch = 7,
        Frame = 1204,
        FramesRunning = true,
        Slices = [new("battle", "1.1.0", 1, Json("""{"fighters":{"bob":{"hp":70}}}""")) { WrittenBy = "battle@1.0.0", WrittenEpoch = 6 }],
        Schedule = [new(3, 1224, null, "battle.respawn", 0, null, Json("""{"player":"bob"}"""))],
        Outbox = [new(new("0199c0de-0000-7000-8000-000000000001"), new("wallet", "bob"), "wallet.credit", 2, At, "silo-lost")],
        Running = new("battle.cast", "alice", 12.5, "player/bob"),
        TrackedWork = [new("match-report", "battle.finish", "battle@1.1.0", 40)],
    };

    public static RolloutStatus Rollout(RolloutPhase phase, params Finding[] findings)
    {
        RolloutPhase[] way = phase is RolloutPhase.Aborting or RolloutPhase.Aborted
            ? [RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Aborting, RolloutPhase.Aborted]
            : [RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Permanent];
        var state = phase switch
        {
            RolloutPhase.Permanent => "done",
            RolloutPhase.Aborted => "refused",
            RolloutPhase.Draining => "draining",
            RolloutPhase.Prepared => "prepared",
            _ => "preparing",
        };
        return new RolloutStatus
        {
            Id = "r-42",
            Phase = phase,
            Actor = "unverified",
            Reason = "other numbers",
            TraceId = "4bf92f3577b34da6a3ce929d0e0e4736",
            Modules = [Change],
            Epoch = phase is RolloutPhase.Draining or RolloutPhase.Permanent ? 8 : null,
            RequestedAt = At,
            Deadline = At.AddSeconds(30),
            Timings = [.. way.TakeWhile(step => step <= phase).Select((step, index) => new PhaseTime(step, At.AddMilliseconds(110 * index)))],
            Silos = [new("silo-1", state, 1, 7, 182.5), new("silo-2", state, 2, 7, null)],
            Findings = findings,
        };
    }

    public static Problem Refusal(string code, int status, string detail, params Finding[] findings) => new()
    {
        Title = "Refused",
        Status = status,
        Detail = detail,
        Code = code,
        Ran = Ran.No,
        Next = "mend it and send it again",
        Findings = findings,
    };

    public static Problem NoRoute(string route) => Refusal(ErrorCodes.NotFound, 404, $"There is nothing at {route}.");

    public static JsonElement Null => Json("null");

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
