using Evergrain.ModuleSdk;

namespace Evergrain.Simulator.Game;

internal sealed record Badges(string[] Applied);

/// <summary>A second module on every wallet, with a slice of its own.</summary>
internal static class Badge<TVersion> where TVersion : struct, IVersion
{
    public static void Configure(ModuleBuilder module) => module
        .Json(GameJson.Default)
        .Extends("wallet", schema: 1, _ => new Badges([]))
        .Operation<Hit, BadgeView>("award", Award);

    static BadgeView Award(Turn<Badges> turn, Hit award)
    {
        Witness.Saw(turn.Entity, "badge", TVersion.Number, "award");
        turn.State = new Badges([.. turn.State.Applied, award.Id]);
        return new BadgeView(TVersion.Number, turn.State.Applied.Length);
    }
}
