using System.Text.Json.Serialization;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Counter;

public sealed record CounterState(int Count);
public sealed record Add(int Amount);
public sealed record Total(int Count);
public sealed record Counted(int Count);
public sealed record Balance(int Step);

[JsonSerializable(typeof(CounterState))]
[JsonSerializable(typeof(Add))]
[JsonSerializable(typeof(Total))]
[JsonSerializable(typeof(Counted))]
[JsonSerializable(typeof(Balance))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CounterJson : JsonSerializerContext;

public sealed class CounterModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(CounterJson.Default)
        .Data<Balance>("counter-balance")
        .Owns("counter", schema: 1, _ => new CounterState(0))
        .Operation<Add, Total>("add", Add)
        .Operation<Nothing, Total>("total", (turn, _) => new Total(turn.State.Count))
        .Operation<Nothing, Total>("later", Later)
        .Event<Counted>("counted");

    static Total Add(Turn<CounterState> turn, Add add)
    {
        turn.State = new CounterState(turn.State.Count + add.Amount * turn.Data<Balance>().Step);
        turn.Publish(new Counted(turn.State.Count));
        return new Total(turn.State.Count);
    }

    static async ValueTask<Total> Later(Turn<CounterState> turn, Nothing nothing) =>
        await turn.Call<Nothing, Total>(turn.Entity, "counter.total", nothing);
}
