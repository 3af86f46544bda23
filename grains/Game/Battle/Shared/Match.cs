using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Battle;

/// <summary>The clock of a room, and how a match ends.</summary>
static class Match
{
    public static void Frame(Turn<BattleState> turn)
    {
        turn.Publish(new FrameEvent(turn.Frame));
        turn.State = turn.State.Step(turn.Frame);
        var age = turn.Frame - turn.State.Since;
        if (turn.State.Phase == Phase.Gathering && age >= Rules.LongestGathering) Draw(turn, "not all players came");
        if (turn.State.Phase == Phase.Fighting && age >= (turn.State.IsPractice ? Rules.LongestPractice : Rules.LongestFight)) Draw(turn, "the time is up");
    }

    public static void EndIfDecided(Turn<BattleState> turn)
    {
        var left = turn.State.Names.Where(turn.State.IsAlive).ToArray();
        if (left is [var winner]) Win(turn, winner);
    }

    public static void Draw(Turn<BattleState> turn, string why)
    {
        turn.Publish(new Drawn(why));
        End(turn, null, 0);
    }

    /// <summary>Scheduled by <see cref="End"/>: a room whose match is long over goes away, with its record.</summary>
    public static Nothing Close(Turn<BattleState> turn, Nothing nothing)
    {
        // A practice room may have begun anew meanwhile.
        if (turn.State.Phase == Phase.Over && turn.Frame - turn.State.Since >= Rules.KeptAfterEnd) turn.Destroy();
        return nothing;
    }

    public static void TellLobby(Turn<BattleState> turn, string operation)
    {
        if (EntityId.TryParse(turn.State.OpenedBy, out var lobby)) turn.Send(lobby, operation, Nothing.Value);
    }

    static void Win(Turn<BattleState> turn, string winner)
    {
        if (turn.State.IsPractice)
        {
            End(turn, winner, 0);
            return;
        }
        turn.Publish(new Won(winner, Rules.Prize));
        // Sends leave after the room was written, and arrive once: no prize is lost with a silo, none is paid twice.
        turn.Send(new EntityId("wallet", winner), "wallet.credit", new Credit(Rules.Prize));
        turn.Send(new EntityId("player", winner), "quest.progress", new Deed("match-won"));
        foreach (var name in turn.State.Names)
        {
            turn.Send(new EntityId("player", name), "quest.progress", new Deed("match-fought"));
            if (name != winner) turn.Send(new EntityId("player", name), "player.hurt", new Hurt(Rules.Bruises));
        }
        End(turn, winner, Rules.Prize);
    }

    static void End(Turn<BattleState> turn, string? winner, long gold)
    {
        turn.State = turn.State.End(turn.Frame, winner, gold);
        TellLobby(turn, "lobby.closed");
        turn.StopFrames();
        // Data, not a delegate: whatever version serves by then runs it.
        turn.After(Rules.KeptAfterEnd, "battle.close", Nothing.Value);
    }
}
