using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Lobby;

/// <param name="Size">Players in the match, 2 to 8.</param>
public sealed record Queue(int Size = 2);

/// <param name="State"><c>idle</c>, <c>waiting</c> or <c>matched</c>.</param>
/// <param name="Room">Where to join, once matched.</param>
public sealed record Place(string State, string? Room = null, IReadOnlyList<string>? Players = null);

/// <summary>Event <c>lobby.matched</c>.</summary>
public sealed record Matched(string Room, IReadOnlyList<string> Players);

/// <summary>Arguments of <c>battle.open</c>.</summary>
public sealed record Open(IReadOnlyList<string> Players);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LobbyState))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Queue))]
[JsonSerializable(typeof(Place))]
[JsonSerializable(typeof(Matched))]
[JsonSerializable(typeof(Open))]
public sealed partial class LobbyJson : JsonSerializerContext;
