using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Wallet;

/// <param name="Gold">0 or more.</param>
public sealed record WalletState(long Gold);

public sealed record Balance([property: JsonPropertyName("balance")] long Gold);
public sealed record Credit(long Amount);

/// <param name="To">A player's name.</param>
/// <param name="Amount">1 or more.</param>
public sealed record Transfer(string To, long Amount);
public sealed record Receive(long Amount);

// Missing arguments are refused as bad-arguments before the handler runs.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WalletState))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Balance))]
[JsonSerializable(typeof(Credit))]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(Receive))]
public sealed partial class WalletJson : JsonSerializerContext;
