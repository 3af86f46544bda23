global using Battle.Schema2;
using Evergrain.ModuleSdk;

namespace Battle;

/// <summary>A room in which players fight, 20 frames a second; now in rounds, and with shields.</summary>
public sealed class BattleModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(BattleJson.Default)
        .Json(Schema1Json.Default)
        .Uses("lobby.opened", "lobby.closed", "wallet.credit", "quest.progress", "player.hurt")
        .Owns("battle", schema: 2, static _ => BattleState.Empty, new KindOptions { Durability = Durability.Interval, FramesPerSecond = Rules.FramesPerSecond })
        // Up for rooms that 1.x left behind, also in mid-match; down so that this version can be undone.
        .MigratesFrom<Schema1.BattleState>(1, Migration.Up)
        .MigratesTo<Schema1.BattleState>(1, Migration.Down)
        .Event<FrameEvent>("frame").Event<Started>("started").Event<Hit>("hit").Event<Won>("won").Event<Drawn>("drawn")
        .Operation<Open, Nothing>("open", RoomDoor.Open, Audience.Entities)
        .Operation<Nothing, View>("join", RoomDoor.Join)
        .Operation<Nothing, Nothing>("leave", RoomDoor.Leave)
        .Operation<Nothing, View>("look", static (turn, _) => turn.State.View(turn.Frame))
        .Operation<Cast, CastResult>("cast", Fight.Cast)
        .Operation<Nothing, Nothing>("close", Match.Close, Audience.Entities)
        .Frame(Match.Frame);
}
