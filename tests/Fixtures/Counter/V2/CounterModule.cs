using System.Text.Json.Serialization;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Counter;

public sealed record CounterState(long Count, int Turns);
public sealed record CounterStateV1(int Count);
public sealed record Add(int Amount);
public sealed record Total(long Count);
public sealed record Counted(long Count);
public sealed record Balance(int Step);

[JsonSerializable(typeof(CounterState))]
[JsonSerializable(typeof(CounterStateV1))]
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
        .Owns("counter", schema: 2, _ => new CounterState(0, 0))
        .Operation<Add, Total>("add", Add)
        .Operation<Nothing, Total>("total", (turn, _) => new Total(turn.State.Count))
        .Event<Counted>("counted")
        .MigratesFrom<CounterStateV1>(1, old => new CounterState(old.Count, 0))
        .MigratesTo<CounterStateV1>(1, now => new CounterStateV1((int)now.Count));

    static Total Add(Turn<CounterState> turn, Add add)
    {
        turn.State = new CounterState(turn.State.Count + add.Amount * turn.Data<Balance>().Step, turn.State.Turns + 1);
        turn.Publish(new Counted(turn.State.Count));
        return new Total(turn.State.Count);
    }
}
