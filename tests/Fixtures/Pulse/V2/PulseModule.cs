using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Pulse;

public sealed record PulseState(long Beats, int Syncs);
public sealed record PulseStateV1(int Beats, int Syncs);
public sealed record View(long Beats, int Syncs);

[JsonSerializable(typeof(PulseState))]
[JsonSerializable(typeof(PulseStateV1))]
[JsonSerializable(typeof(View))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PulseJson : JsonSerializerContext;

/// <summary>Another schema; what has beaten 13 times cannot be brought to it.</summary>
public sealed class PulseModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(PulseJson.Default)
        .Owns("pulse", schema: 2, _ => new PulseState(0, 0))
        .Operation<Nothing, View>("beat", Beat)
        .Operation<Nothing, View>("sync", (turn, _) => Look(turn))
        .Operation<Nothing, View>("look", (turn, _) => Look(turn))
        .MigratesFrom<PulseStateV1>(1, Up)
        .MigratesTo<PulseStateV1>(1, now => new PulseStateV1((int)now.Beats, now.Syncs));

    static PulseState Up(PulseStateV1 old) =>
        old.Beats == 13 ? throw new InvalidOperationException("thirteen beats") : new PulseState(old.Beats, old.Syncs);

    static View Beat(Turn<PulseState> turn, Nothing nothing)
    {
        turn.State = turn.State with { Beats = turn.State.Beats + 1 };
        return Look(turn);
    }

    static View Look(Turn<PulseState> turn) => new(turn.State.Beats, turn.State.Syncs);
}
