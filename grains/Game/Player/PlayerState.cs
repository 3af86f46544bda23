using System.Text.Json.Serialization;
using Evergrain.ModuleSdk;

namespace Player;

/// <summary>Immutable, as every state: a handler assigns a new one, and it counts only if the turn succeeds.</summary>
/// <param name="HitPoints">1 to 100.</param>
/// <param name="Inventory">One entry for each kind of item that is carried.</param>
public sealed record PlayerState(int HitPoints, IReadOnlyList<Item> Inventory)
{
    public long Count(string item) => Inventory.FirstOrDefault(carried => carried.Name == item)?.Count ?? 0;

    public PlayerState Add(string item, long count)
    {
        var left = checked(Count(item) + count);
        var others = Inventory.Where(carried => carried.Name != item);
        return this with { Inventory = left == 0 ? [.. others] : [.. others, new Item(item, left)] };
    }
}

public sealed record Item(string Name, long Count);
public sealed record Hurt(int Damage);
public sealed record Use(string Item);

/// <summary>Event <c>player.changed</c>.</summary>
public sealed record Changed(int HitPoints, IReadOnlyList<Item> Inventory);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PlayerState))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Hurt))]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(Use))]
[JsonSerializable(typeof(Changed))]
public sealed partial class PlayerJson : JsonSerializerContext;
