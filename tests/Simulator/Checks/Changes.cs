using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Simulator.Game;

namespace Evergrain.Simulator.Checks;

/// <summary>Which change a call asks for.</summary>
internal static class Changes
{
    public static Credit Credit(CallRequest request) => JsonSerializer.Deserialize(request.Arguments.Span, GameJson.Default.Credit)!;

    /// <summary>Null for a call that changes nothing.</summary>
    public static string? IdOf(CallRequest request) => request.Operation switch
    {
        "wallet.credit" => JsonSerializer.Deserialize(request.Arguments.Span, GameJson.Default.Credit)!.Id,
        "wallet.transfer" => JsonSerializer.Deserialize(request.Arguments.Span, GameJson.Default.Transfer)!.Id,
        "badge.award" or "room.hit" => JsonSerializer.Deserialize(request.Arguments.Span, GameJson.Default.Hit)!.Id,
        "room.ask" => JsonSerializer.Deserialize(request.Arguments.Span, GameJson.Default.Ask)!.Id,
        _ => null,
    };
}
