using System.Text.Json.Serialization;

namespace Evergrain.Simulator.Game;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Purse)), JsonSerializable(typeof(NotedPurse)), JsonSerializable(typeof(PurseTwo))]
[JsonSerializable(typeof(Credit)), JsonSerializable(typeof(Transfer)), JsonSerializable(typeof(PurseView))]
[JsonSerializable(typeof(Hall)), JsonSerializable(typeof(HallTwo)), JsonSerializable(typeof(Hit)), JsonSerializable(typeof(Close)), JsonSerializable(typeof(Ask)), JsonSerializable(typeof(HallView)), JsonSerializable(typeof(HallHit)), JsonSerializable(typeof(PurseMoved))]
[JsonSerializable(typeof(Badges)), JsonSerializable(typeof(BadgeView)), JsonSerializable(typeof(Tuning))]
[JsonSerializable(typeof(Evergrain.ModuleSdk.Nothing))]
internal sealed partial class GameJson : JsonSerializerContext;
