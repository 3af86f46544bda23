using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Core;
using Evergrain.Simulator.Game;
using Evergrain.Simulator.Observations;
using Evergrain.Simulator.Plans;
using Evergrain.Simulator.World;

namespace Evergrain.Simulator.Workload;

/// <summary>Makes its calls one after another. One with a key is asked again until it has an answer that is final; one without is asked
/// again only if it provably did not run.</summary>
internal sealed class Player(string name, SimulatedWorld world)
{
    const int MostAttempts = 60;
    const int MostFaults = 3;

    // Every so many calls with a key are asked again though they were answered.
    const int AskedAgain = 6;

    readonly SeededIdSource ids = new(world.Chance($"player {name}"), world.OutsideTime);

    /// <summary>The highest epoch that it has seen.</summary>
    long seen;

    /// <summary>The call with a key that was made last, and that key.</summary>
    (PlannedCall Call, Guid Key, int Attempts)? last;

    public async Task Play(IEnumerable<PlannedCall> calls)
    {
        foreach (var call in calls)
        {
            await Task.Delay(call.After, world.OutsideTime);
            await Make(call, call.Keyed ? ids.NewGuid() : null, asked: 0);
        }
    }

    /// <summary>Asks again, with its key, what was asked last, as if its answer had never come.</summary>
    public Task AskAgain() => last is var (call, key, attempts) ? Make(call, key, attempts) : Task.CompletedTask;

    /// <param name="key">Null: it has none.</param>
    /// <param name="asked">How often it was asked before.</param>
    async Task Make(PlannedCall call, Guid? key, int asked)
    {
        var (faults, again) = (0, asked > 0);
        for (var attempt = asked + 1; attempt <= asked + MostAttempts; attempt++)
        {
            if (key is { } known) last = (call, known, attempt);
            var request = new CallRequest
            {
                Entity = call.Entity, Operation = call.Operation, Caller = name, SeenEpoch = seen, Key = key, Deadline = world.Clock.Now + call.Patience,
                Arguments = JsonSerializer.SerializeToUtf8Bytes(call.Arguments, GameJson.Default.GetTypeInfo(call.Arguments!.GetType())!),
            };
            var began = world.Clock.Elapsed;
            world.See(new CallBegan(call.Number, attempt, name, request, call.Arguments));
            var reply = await world.Cluster.Call(request);
            // Of an epoch that was lost with its store the client hears once, and forgets it.
            seen = reply.Error is { Code: ErrorCodes.EpochUnknown } ? reply.Epoch : Math.Max(seen, reply.SeenEpoch);
            world.See(new CallEnded(call.Number, attempt, name, request, reply, began));
            if (reply.Ok && call.Keyed && call.Number % AskedAgain == 0 && !again)
            {
                // As if its answer had been lost: the same key has the same answer.
                again = true;
                await Task.Delay(call.After, world.OutsideTime);
                continue;
            }
            if (reply.Error is { Code: ErrorCodes.EpochUnknown }) continue;
            if (reply.Error is not { } error || !MayTryAgain(error, call.Keyed)) return;
            if (error.Code == ErrorCodes.ModuleFault && ++faults == MostFaults) return;
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(100 << Math.Min(attempt, 4), 1000)), world.OutsideTime);
        }
    }

    static bool MayTryAgain(CallError error, bool keyed) => (keyed || error.Ran == Ran.No) && error.Code is ErrorCodes.Deadline or ErrorCodes.Cancelled or ErrorCodes.Overloaded
        or ErrorCodes.SiloLost or ErrorCodes.SiloNotReady or ErrorCodes.StoreUnavailable or ErrorCodes.StoreConflict or ErrorCodes.ModuleFault or ErrorCodes.EntityQuarantined;
}
