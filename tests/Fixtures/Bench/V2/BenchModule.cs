using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Bench;

public sealed record Item(int Id, int Count);
public sealed record LiveStateV2(string Name, long Coins, Item[] Items);

[JsonSerializable(typeof(EchoState))]
[JsonSerializable(typeof(Cast))]
[JsonSerializable(typeof(CastResult))]
[JsonSerializable(typeof(TickerState))]
[JsonSerializable(typeof(LiveStateV1))]
[JsonSerializable(typeof(LiveStateV2))]
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
        module.Owns("live", schema: 2, entity => new LiveStateV2(entity.Key, 100, [new(1, 1), new(2, 1), new(3, 1)]))
            .Operation<Touch, Touched>("touch", Touch)
            .MigratesFrom<LiveStateV1>(1, Up)
            .MigratesTo<LiveStateV1>(1, Down);
    }

    static Touched Touch(Turn<LiveStateV2> turn, Touch touch)
    {
        turn.State = turn.State with { Coins = turn.State.Coins + touch.Amount };
        return new Touched(2, turn.State.Coins);
    }

    static LiveStateV2 Up(LiveStateV1 old) => new(old.Name, old.Gold, [.. old.Items.Select(id => new Item(id, 1))]);
    static LiveStateV1 Down(LiveStateV2 next) => new(next.Name, (int)next.Coins, [.. next.Items.Select(item => item.Id)]);
}
