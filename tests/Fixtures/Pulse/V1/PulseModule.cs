using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Pulse;

public sealed record PulseState(int Beats, int Syncs);
public sealed record View(int Beats, int Syncs);

[JsonSerializable(typeof(PulseState))]
[JsonSerializable(typeof(View))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PulseJson : JsonSerializerContext;

/// <summary>The classic leak in the form that a module may have it: two heartbeats a connection, something delayed, and a state-sync that
/// never ends by itself.</summary>
public sealed class PulseModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(PulseJson.Default)
        .Owns("pulse", schema: 1, _ => new PulseState(0, 0))
        .Operation<Nothing, View>("connect", Connect)
        .Operation<Nothing, View>("hold", Hold)
        .Operation<Nothing, View>("beat", Beat)
        .Operation<Nothing, View>("sync", Sync)
        .Operation<Nothing, View>("look", (turn, _) => Look(turn));

    static View Connect(Turn<PulseState> turn, Nothing nothing)
    {
        turn.Run("heartbeat", static work => Repeat(work, "pulse.beat", TimeSpan.FromMilliseconds(10)));
        turn.Run("slow-heartbeat", static work => Repeat(work, "pulse.beat", TimeSpan.FromMilliseconds(50)));
        turn.Run("state-sync", static work => Repeat(work, "pulse.sync", TimeSpan.FromMilliseconds(10)));
        turn.After(1_000_000, "pulse.beat", Nothing.Value);
        return Look(turn);
    }

    static async Task Repeat(TrackedWork work, string operation, TimeSpan every)
    {
        while (true)
        {
            await work.Delay(every);
            await work.Call<Nothing, View>(work.Entity, operation, Nothing.Value);
        }
    }

    // It waits for what never comes and does not look at its token.
    static View Hold(Turn<PulseState> turn, Nothing nothing)
    {
        turn.Run("deaf", static _ => new TaskCompletionSource().Task);
        return Look(turn);
    }

    static View Beat(Turn<PulseState> turn, Nothing nothing)
    {
        turn.State = turn.State with { Beats = turn.State.Beats + 1 };
        return Look(turn);
    }

    static View Sync(Turn<PulseState> turn, Nothing nothing)
    {
        turn.State = turn.State with { Syncs = turn.State.Syncs + 1 };
        return Look(turn);
    }

    static View Look(Turn<PulseState> turn) => new(turn.State.Beats, turn.State.Syncs);
}
