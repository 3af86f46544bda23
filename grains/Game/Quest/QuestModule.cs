using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Quest;

/// <summary>A second module on the kind <c>player</c>: its slice is its own, loaded and replaced apart from the player module's.
/// The two talk as any two modules do, by calls and sends.</summary>
public sealed class QuestModule : GameModule
{
    public override void Configure(ModuleBuilder module) => module
        .Json(QuestJson.Default)
        .Uses("player.receive", "wallet.credit")
        .Extends("player", schema: 1, static _ => new QuestState([]))
        .Operation<Nothing, QuestState>("log", static (turn, _) => turn.State)
        .Operation<QuestName, OpenQuest>("accept", Accept)
        .Operation<Deed, Nothing>("progress", Progress, Audience.Entities)
        .Operation<QuestName, Reward>("finish", Finish);

    static OpenQuest Accept(Turn<QuestState> turn, QuestName name)
    {
        CheckOwn(turn);
        var quest = Quest.Find(name.Quest) ?? throw turn.Reject("no-such-quest", $"There is no quest '{name.Quest}'.");
        if (turn.State.Find(quest.Name) is not null) throw turn.Reject("quest-accepted", $"The quest {quest.Name} is accepted already.");
        var open = new OpenQuest(quest.Name, 0, quest.Goal);
        turn.State = new([.. turn.State.Open, open]);
        return open;
    }

    /// <summary>Other modules say what the player did; a quest that waits for it goes on.</summary>
    static Nothing Progress(Turn<QuestState> turn, Deed deed)
    {
        turn.State = new([.. turn.State.Open.Select(open => Quest.Find(open.Quest)?.Deed == deed.Name ? open.Step() : open)]);
        return Nothing.Value;
    }

    static Reward Finish(Turn<QuestState> turn, QuestName name)
    {
        CheckOwn(turn);
        var open = turn.State.Find(name.Quest) ?? throw turn.Reject("quest-not-accepted", $"The quest '{name.Quest}' was not accepted.");
        if (open.Done < open.Goal) throw turn.Reject("quest-not-done", $"{open.Quest} stands at {open.Done} of {open.Goal}.");
        var quest = Quest.Find(name.Quest) ?? throw turn.Reject("no-such-quest", $"There is no quest '{name.Quest}' any more.");

        turn.State = new([.. turn.State.Open.Where(other => other.Quest != quest.Name)]);
        // To another slice of the same entity, by the same way as to any other: it runs as a turn of its own, after this one.
        turn.Send(turn.Entity, "player.receive", new Item(quest.Item, 1));
        turn.Send(new EntityId("wallet", turn.Entity.Key), "wallet.credit", new Credit(quest.Gold));
        return new(quest.Name, quest.Gold, quest.Item);
    }

    static void CheckOwn(Turn turn)
    {
        if (turn.Caller != turn.Entity.Key) throw turn.Reject("not-you", $"Only {turn.Entity.Key} takes and ends quests of {turn.Entity.Key}.");
    }
}
