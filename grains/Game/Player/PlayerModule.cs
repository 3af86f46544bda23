using Evergrain.ModuleSdk;

namespace Player;

/// <summary>Hit points and inventory of a player. The module owns the kind; <c>quest</c> adds a slice of its own to it.</summary>
public sealed class PlayerModule : GameModule
{
    public const int FullHitPoints = 100;
    const int PotionHeals = 50;

    public override void Configure(ModuleBuilder module) => module
        .Json(PlayerJson.Default)
        .Owns("player", schema: 1, static _ => new PlayerState(FullHitPoints, []), new KindOptions { Durability = Durability.BeforeReply })
        .Event<Changed>("changed")
        .Operation<Nothing, PlayerState>("look", static (turn, _) => turn.State)
        .Operation<Hurt, PlayerState>("hurt", Hurt, Audience.Entities)
        .Operation<Item, PlayerState>("receive", Receive, Audience.Entities)
        .Operation<Use, PlayerState>("use", Use);

    static PlayerState Hurt(Turn<PlayerState> turn, Hurt hurt) =>
        // A lost match hurts and never kills: who comes home has one hit point left.
        Change(turn, turn.State with { HitPoints = Math.Max(1, turn.State.HitPoints - Math.Max(0, hurt.Damage)) });

    static PlayerState Receive(Turn<PlayerState> turn, Item item)
    {
        if (item.Count < 1) throw turn.Reject("bad-count", $"The count is {item.Count}; it must be 1 or more.");
        return Change(turn, turn.State.Add(item.Name, item.Count));
    }

    static PlayerState Use(Turn<PlayerState> turn, Use use)
    {
        if (turn.Caller != turn.Entity.Key) throw turn.Reject("not-you", $"Only {turn.Entity.Key} may use what {turn.Entity.Key} carries.");
        if (use.Item != "potion") throw turn.Reject("no-use", $"There is no use for '{use.Item}'.");
        if (turn.State.Count(use.Item) == 0) throw turn.Reject("no-such-item", $"There is no {use.Item} in the inventory.");
        return Change(turn, turn.State.Add(use.Item, -1) with { HitPoints = Math.Min(FullHitPoints, turn.State.HitPoints + PotionHeals) });
    }

    static PlayerState Change(Turn<PlayerState> turn, PlayerState state)
    {
        turn.State = state;
        turn.Publish(new Changed(state.HitPoints, state.Inventory));
        return state;
    }
}
