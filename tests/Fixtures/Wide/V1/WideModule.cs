using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Wide;

public sealed record WideState(int Count);

[JsonSerializable(typeof(WideState))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class WideJson : JsonSerializerContext;

/// <summary>100 kinds with ten operations each: a large game's table.</summary>
public sealed class WideModule : GameModule
{
    public override void Configure(ModuleBuilder module)
    {
        module.Json(WideJson.Default);
        for (var kind = 0; kind < 100; kind++)
        {
            var slice = module.Owns($"wide-{kind}", schema: 1, _ => new WideState(0));
            for (var operation = 0; operation < 10; operation++) slice.Operation<Nothing, WideState>($"k{kind}-op{operation}", Count);
        }
    }

    static WideState Count(Turn<WideState> turn, Nothing nothing) => turn.State = new WideState(turn.State.Count + 1);
}
