using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Battle;

/// <summary>How players come into a room and leave it.</summary>
static class RoomDoor
{
    /// <summary>The lobby opens the room for the players that it matched, and is told when they may join.</summary>
    public static Nothing Open(Turn<BattleState> turn, Open open)
    {
        if (turn.State.Phase != Phase.Empty) throw turn.Reject("room-taken", $"{turn.Entity} was opened before.");
        if (open.Players.Count < 2 || open.Players.Distinct().Count() != open.Players.Count || !open.Players.All(EntityId.IsKey))
            throw turn.Reject("bad-players", "A room is opened for two or more different players.");
        turn.State = turn.State.Open(turn.Frame, turn.Caller, open.Players);
        turn.StartFrames();
        Match.TellLobby(turn, "lobby.opened");
        return Nothing.Value;
    }

    public static View Join(Turn<BattleState> turn, Nothing nothing)
    {
        var (state, player) = (turn.State, turn.Caller);
        if (!EntityId.IsKey(player)) throw turn.Reject("not-a-player", "Only players join.");
        if (state.IsPractice) Practise(turn, player);
        else if (!state.Invited.Contains(player)) throw turn.Reject("not-invited", $"{turn.Entity} was opened for others.");
        else if (state.Phase == Phase.Gathering && !state.Has(player)) Gather(turn, player);
        // Joining twice, or after the end, is no mistake: the player came back and sees how it stands.
        return turn.State.View(turn.Frame);
    }

    public static Nothing Leave(Turn<BattleState> turn, Nothing nothing)
    {
        var state = turn.State;
        if (state.Phase == Phase.Gathering && state.Invited.Contains(turn.Caller)) Match.Draw(turn, $"{turn.Caller} left before the match began");
        else if (state.Phase == Phase.Fighting && state.IsAlive(turn.Caller))
        {
            turn.State = state.Fall(turn.Caller);
            Match.EndIfDecided(turn);
        }
        return nothing;
    }

    static void Gather(Turn<BattleState> turn, string player)
    {
        turn.State = turn.State.Join(player, Rules.HitPoints);
        if (turn.State.Names.Count() < turn.State.Invited.Count) return;
        turn.State = turn.State.Fight(turn.Frame);
        turn.Publish(new Started([.. turn.State.Names]));
    }

    static void Practise(Turn<BattleState> turn, string player)
    {
        if (turn.State.Phase != Phase.Fighting)
        {
            turn.State = BattleState.Empty.Join(Rules.Dummy, Rules.DummyHitPoints).Fight(turn.Frame);
            turn.StartFrames();
        }
        if (!turn.State.Has(player)) turn.State = turn.State.Join(player, Rules.HitPoints);
    }
}
