using Evergrain.Bots.Talking;
using Evergrain.Contracts;

namespace Evergrain.Bots.Playing;

/// <summary>What a bot does between matches: quests, potions, trade.</summary>
internal sealed class Errands(World world, Voice voice, string name, Manners manners)
{
    const int Weak = 50;
    static readonly string[] Quests = ["veteran", "champion"];

    readonly EntityId player = new("player", name);
    readonly EntityId wallet = new("wallet", name);

    public async Task TakeQuests()
    {
        if (await Log() is not { } log) return;
        foreach (var quest in Quests.Where(quest => log.All(open => open.Quest != quest)))
            await voice.Ask(player, "quest.accept", new QuestName(quest), GameJson.Default.QuestName, GameJson.Default.OpenQuest);
    }

    public async Task EndQuests()
    {
        if (await Log() is not { } log) return;
        foreach (var open in log.Where(open => open.Done >= open.Goal))
        {
            var reward = await voice.Ask(player, "quest.finish", new QuestName(open.Quest), GameJson.Default.QuestName, GameJson.Default.Reward);
            if (reward.Value is not { } given) continue;
            world.Gold.Rewarded(given.Gold);
            world.Tally.Add(ref world.Tally.Quests);
        }
    }

    public async Task Heal()
    {
        var self = (await voice.Ask(player, "player.look", GameJson.Default.PlayerView)).Value;
        if (self is { HitPoints: < Weak } && self.Inventory.Any(item => item.Name == "potion"))
            await voice.Ask(player, "player.use", new UseItem("potion"), GameJson.Default.UseItem, GameJson.Default.PlayerView);
    }

    public async Task Trade()
    {
        // Only its player takes from a wallet, so what was there is still there.
        if ((await voice.Ask(wallet, "wallet.balance", GameJson.Default.Purse)).Value is not { Balance: > 0 and var balance } || !manners.Chance(0.5)) return;
        var other = manners.Pick(world.Bots).Name;
        if (other == name) return;
        await Task.Delay(manners.Think(), world.Time);
        await voice.Ask(wallet, "wallet.transfer", new Transfer(other, manners.Part(balance)), GameJson.Default.Transfer, GameJson.Default.Purse);
        world.Tally.Add(ref world.Tally.Trades);
    }

    async Task<IReadOnlyList<OpenQuest>?> Log() => (await voice.Ask(player, "quest.log", GameJson.Default.QuestLog)).Value?.Open;
}
