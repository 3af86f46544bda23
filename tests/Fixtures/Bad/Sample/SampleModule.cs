using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Bad.Sample;

/// <summary>An exception of the module's own type: whoever kept it would keep the module's code.</summary>
public sealed class OwnException(string message) : Exception(message);

public sealed record CounterState(int Count);
public sealed record Add(int Amount);

[JsonSerializable(typeof(CounterState))]
[JsonSerializable(typeof(Add))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SampleJson : JsonSerializerContext;

/// <summary>Passes for the counter in its manifest; throws when it is called.</summary>
public sealed class SampleModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(SampleJson.Default)
        .Owns("counter", schema: 1, static _ => new CounterState(0))
        .Operation<Add, Add>("add", Add);

    static Add Add(Turn<CounterState> turn, Add add) => throw new OwnException("not this time");
}
