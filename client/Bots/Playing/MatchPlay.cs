using Evergrain.Bots.Judging;
using Evergrain.Bots.Talking;
using Evergrain.Contracts;

namespace Evergrain.Bots.Playing;

/// <summary>One match of one bot, from joining the room until it has seen how the match ended.</summary>
internal sealed class MatchPlay(World world, IGameLine line, Voice voice, string name, EntityId room, Manners manners)
{
    public const int Players = 2;

    /// <summary>Longer than any match of the game, with its gathering.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    readonly FrameWatch watch = new();
    readonly Dictionary<string, long> readyAt = [];
    RoomView? view;
    long frame;
    int idle;
    volatile bool changed;

    public async Task Play()
    {
        var began = world.Time.GetTimestamp();
        await using (await voice.Subscribe(room, OnEvent))
        {
            await Join();
            while (view is not { Phase: "over" } && world.Time.GetElapsedTime(began) < Longest)
            {
                await Task.Delay(manners.Think(), world.Time);
                await Misbehave();
                await Act();
            }
        }
        world.Frames.Close(room.ToString(), watch);
        if (view is not { Phase: "over" } over)
        {
            world.Tally.Add(ref world.Tally.Unfinished);
            world.Examples.Add($"unfinished: {name} did not see the end of {room}");
            return;
        }
        world.Gold.RoomEnded(room.ToString(), over.Winner, over.Gold, Players);
        world.Tally.Add(ref world.Tally.Matches);
    }

    async Task Act()
    {
        if (view is not { Phase: "fighting" } || changed || idle > 3) await Look();
        else if (Opponent() is { } target && ReadySkill() is { } skill) await Cast(skill, target);
        else idle++;
    }

    async Task Cast(string skill, string target)
    {
        var answer = await voice.Ask(room, "battle.cast", new CastSkill(skill, target), GameJson.Default.CastSkill, GameJson.Default.CastResult);
        if (answer.Value is { } result)
        {
            idle = 0;
            readyAt[skill] = result.ReadyAt;
            world.Damage.Judge(room.ToString(), skill, answer.Reply!.Module, result.Damage);
            if (result.Killed || !result.Landed) changed = true;
        }
        // The room was set back to before this bot had joined.
        else if (answer.Reason is "not-in-this-match" or "not-started") await Join();
        else changed = true;
    }

    async Task Join() => See((await voice.Ask(room, "battle.join", GameJson.Default.RoomView)).Value);

    async Task Look()
    {
        changed = false;
        idle = 0;
        See((await voice.Ask(room, "battle.look", GameJson.Default.RoomView)).Value);
    }

    void See(RoomView? seen)
    {
        if (seen is null) return;
        view = seen;
        Volatile.Write(ref frame, seen.Frame);
    }

    string? Opponent() => view?.Fighters.FirstOrDefault(fighter => fighter.Name != name)?.Name;

    // The frame that was heard of last is never ahead of the room's, so a skill that is ready by it is ready.
    string? ReadySkill() => DamageTable.Skills.FirstOrDefault(skill => readyAt.GetValueOrDefault(skill) <= Volatile.Read(ref frame));

    async Task Misbehave()
    {
        switch (manners.Next())
        {
            case Mischief.Drop:
                watch.Disturb();
                world.Tally.Add(ref world.Tally.Drops);
                line.Drop();
                break;
            case Mischief.StopReading:
                watch.Disturb();
                world.Tally.Add(ref world.Tally.Pauses);
                line.StopReading();
                await Task.Delay(manners.Silence(), world.Time);
                line.ReadOn();
                break;
            case Mischief.Rubbish:
                world.Tally.Add(ref world.Tally.Rubbish);
                line.SendRubbish(manners.Rubbish());
                break;
            case Mischief.Nonsense:
                await voice.AskNonsense(room);
                break;
        }
    }

    void OnEvent(GameEvent happened)
    {
        var number = happened.Name == "battle.frame" ? Voice.Read(happened.Data, GameJson.Default.FrameEvent)?.Frame : null;
        if (watch.Saw(happened.Sequence, number, world.Seconds) is { } wrong) world.Frames.Wrong(room.ToString(), wrong);
        if (number is { } now) Volatile.Write(ref frame, now);
        else if (happened.Name is "battle.started" or "battle.won" or "battle.drawn") changed = true;
    }
}
