using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Evergrain.Embedded.Tests.Game;

[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(Amount))]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(Balance))]
[JsonSerializable(typeof(RoomState))]
[JsonSerializable(typeof(RoomStateTwo))]
[JsonSerializable(typeof(RoomStateThree))]
[JsonSerializable(typeof(RoomView))]
[JsonSerializable(typeof(Ask))]
[JsonSerializable(typeof(Asked))]
[JsonSerializable(typeof(Hit))]
[JsonSerializable(typeof(VaultState))]
[JsonSerializable(typeof(Nothing))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class GameJson : JsonSerializerContext;
