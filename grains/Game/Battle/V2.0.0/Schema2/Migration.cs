using System.Text.Json.Serialization;

namespace Battle.Schema2;

/// <summary>Between the rooms of 1.x and of 2.0. Pure functions; nothing that both know is lost on the way.</summary>
static class Migration
{
    public static BattleState Up(Schema1.BattleState old) => new(
        old.Phase, old.Since, old.Phase is Phase.Fighting ? 1 : 0, old.Invited,
        old.Fighters.ToDictionary(fighter => fighter.Name, fighter => new Fighter(fighter.HitPoints, Fighter.FullShield, fighter.ReadyAt)),
        old.OpenedBy, old.Winner, old.Gold);

    /// <summary>Shields and rounds are unknown to 1.x and are gone.</summary>
    public static Schema1.BattleState Down(BattleState state) => new(
        state.Phase, state.Since, state.Invited,
        [.. state.Fighters.Select(named => new Schema1.Fighter(named.Key, named.Value.HitPoints, named.Value.ReadyAt))],
        state.OpenedBy, state.Winner, state.Gold);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Schema1.BattleState))]
public sealed partial class Schema1Json : JsonSerializerContext;
