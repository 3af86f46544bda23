using System.Text.Json.Serialization;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Relic;

public sealed record RelicStateOne(int Age);
public sealed record RelicState(int Decades, int Years);
public sealed record RelicView(int Age);

[JsonSerializable(typeof(RelicStateOne))]
[JsonSerializable(typeof(RelicState))]
[JsonSerializable(typeof(RelicView))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RelicJson : JsonSerializerContext;

/// <summary>Another schema without a step down: one way.</summary>
public sealed class RelicModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(RelicJson.Default)
        .Owns("relic", schema: 2, _ => new RelicState(0, 0), new KindOptions { Durability = Durability.BeforeReply })
        .Operation<Nothing, RelicView>("age", Age)
        .Operation<Nothing, RelicView>("look", (turn, _) => new RelicView(Years(turn.State)))
        .MigratesFrom<RelicStateOne>(1, old => new RelicState(old.Age / 10, old.Age % 10));

    static RelicView Age(Turn<RelicState> turn, Nothing nothing)
    {
        var age = Years(turn.State) + 1;
        turn.State = new RelicState(age / 10, age % 10);
        return new RelicView(age);
    }

    static int Years(RelicState state) => state.Decades * 10 + state.Years;
}
