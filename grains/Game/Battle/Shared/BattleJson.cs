using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Battle;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BattleState))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Open))]
[JsonSerializable(typeof(Cast))]
[JsonSerializable(typeof(CastResult))]
[JsonSerializable(typeof(View))]
[JsonSerializable(typeof(FrameEvent))]
[JsonSerializable(typeof(Started))]
[JsonSerializable(typeof(Hit))]
[JsonSerializable(typeof(Won))]
[JsonSerializable(typeof(Drawn))]
[JsonSerializable(typeof(Credit))]
[JsonSerializable(typeof(Deed))]
[JsonSerializable(typeof(Hurt))]
public sealed partial class BattleJson : JsonSerializerContext;
