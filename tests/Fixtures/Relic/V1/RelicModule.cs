using System.Text.Json.Serialization;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Relic;

public sealed record RelicState(int Age);
public sealed record RelicView(int Age);

[JsonSerializable(typeof(RelicState))]
[JsonSerializable(typeof(RelicView))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RelicJson : JsonSerializerContext;

/// <summary>Things that grow old, and can be brought to the next version, but not back.</summary>
public sealed class RelicModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(RelicJson.Default)
        .Owns("relic", schema: 1, _ => new RelicState(0), new KindOptions { Durability = Durability.BeforeReply })
        .Operation<Nothing, RelicView>("age", Age)
        .Operation<Nothing, RelicView>("look", (turn, _) => new RelicView(turn.State.Age));

    static RelicView Age(Turn<RelicState> turn, Nothing nothing)
    {
        turn.State = new RelicState(turn.State.Age + 1);
        return new RelicView(turn.State.Age);
    }
}
