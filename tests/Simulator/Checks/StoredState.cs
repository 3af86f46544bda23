using System.Text.Json;
using Evergrain.Core.State;
using Evergrain.Simulator.Game;

namespace Evergrain.Simulator.Checks;

/// <summary>Reads what the game's records say, whatever their schema.</summary>
internal static class StoredState
{
    /// <summary>The ids of all changes that stand in an entity, once each time that they were applied.</summary>
    public static IEnumerable<string> Applied(EntityRecord record)
    {
        foreach (var slice in record.Slices)
        {
            using var state = JsonDocument.Parse(slice.Bytes);
            foreach (var id in state.RootElement.GetProperty("applied").EnumerateArray()) yield return id.GetString()!;
        }
    }

    public static int Gold(EntityRecord record) => record.Slices.FirstOrDefault(slice => slice.Module == "wallet") switch
    {
        null => 0,
        { Schema: 1 } slice => JsonSerializer.Deserialize(slice.Bytes, GameJson.Default.Purse)!.Gold,
        var slice => (int)(JsonSerializer.Deserialize(slice.Bytes, GameJson.Default.PurseTwo)!.Copper / 100),
    };

    /// <summary>Gold that has left a wallet and not yet arrived.</summary>
    public static IEnumerable<Credit> OnItsWay(EntityRecord record) => record.Extras.Outbox.Values.Where(entry => entry.Operation == "wallet.credit")
        .Select(entry => JsonSerializer.Deserialize(entry.Arguments.Span, GameJson.Default.Credit)!);
}
