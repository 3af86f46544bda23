using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Bench;

[JsonSerializable(typeof(EchoState))]
[JsonSerializable(typeof(Cast))]
[JsonSerializable(typeof(CastResult))]
[JsonSerializable(typeof(TickerState))]
[JsonSerializable(typeof(LiveStateV1))]
[JsonSerializable(typeof(Touch))]
[JsonSerializable(typeof(Touched))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BenchJson : JsonSerializerContext;

public sealed class BenchModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(BenchJson.Default);
        Echo.Declare(module);
        Ticker.Declare(module);
        module.Owns("live", schema: 1, entity => new LiveStateV1(entity.Key, 100, [1, 2, 3]))
            .Operation<Touch, Touched>("touch", Touch);
    }

    static Touched Touch(Turn<LiveStateV1> turn, Touch touch)
    {
        turn.State = turn.State with { Gold = turn.State.Gold + touch.Amount };
        return new Touched(1, turn.State.Gold);
    }
}
