global using Battle.Schema1;
using Evergrain.ModuleSdk;

namespace Battle;

/// <summary>A room in which players fight, 20 frames a second.</summary>
public sealed class BattleModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(BattleJson.Default)
        .Uses("lobby.opened", "lobby.closed", "wallet.credit", "quest.progress", "player.hurt")
        // Interval: a room changes far too often to be written at each cast. A crash may cost its last second, never a prize.
        .Owns("battle", schema: 1, static _ => BattleState.Empty, new KindOptions { Durability = Durability.Interval, FramesPerSecond = Rules.FramesPerSecond })
        .Event<FrameEvent>("frame").Event<Started>("started").Event<Hit>("hit").Event<Won>("won").Event<Drawn>("drawn")
        .Operation<Open, Nothing>("open", RoomDoor.Open, Audience.Entities)
        .Operation<Nothing, View>("join", RoomDoor.Join)
        .Operation<Nothing, Nothing>("leave", RoomDoor.Leave)
        .Operation<Nothing, View>("look", static (turn, _) => turn.State.View(turn.Frame))
        .Operation<Cast, CastResult>("cast", Fight.Cast)
        .Operation<Nothing, Nothing>("close", Match.Close, Audience.Entities)
        .Frame(Match.Frame);
}
