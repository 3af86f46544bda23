using System.Text.Json;
using Evergrain.Game.Tests.Table;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests;

public sealed class QuestTests
{
    readonly GameTable table = new();

    JsonElement Quest(string operation, string quest, string caller = "ann") => table.Call(caller, "player/ann", operation, $$"""{"quest":"{{quest}}"}""");
    void Deed(string name) => table.Call("battle/x", "player/ann", "quest.progress", $$"""{"name":"{{name}}"}""");
    string? Reason(Action call) => Assert.Throws<RejectedException>(call).Reason;

    [Fact]
    public void A_finished_quest_gives_gold_and_an_item_once()
    {
        Quest("quest.accept", "veteran");
        Deed("match-fought");
        Assert.Equal("quest-not-done", Reason(() => Quest("quest.finish", "veteran")));
        Deed("match-won");
        Deed("match-fought");
        Assert.Equal(5, Quest("quest.finish", "veteran").GetProperty("gold").GetInt32());
        Assert.Equal("quest-not-accepted", Reason(() => Quest("quest.finish", "veteran")));
        Assert.Equal(5, table.Call("ann", "wallet/ann", "wallet.balance").GetProperty("balance").GetInt64());
        var item = table.Call("ann", "player/ann", "player.look").GetProperty("inventory")[0];
        Assert.Equal(("potion", 1L), (item.GetProperty("name").GetString(), item.GetProperty("count").GetInt64()));
    }

    [Fact]
    public void Quests_are_taken_by_the_player_alone_and_once()
    {
        Assert.Equal("not-you", Reason(() => Quest("quest.accept", "veteran", caller: "bob")));
        Assert.Equal("no-such-quest", Reason(() => Quest("quest.accept", "dragon")));
        Quest("quest.accept", "champion");
        Assert.Equal("quest-accepted", Reason(() => Quest("quest.accept", "champion")));
    }

    [Fact]
    public void A_potion_heals_and_is_gone()
    {
        table.Call("quest/x", "player/ann", "player.receive", """{"name":"potion","count":1}""");
        table.Call("battle/x", "player/ann", "player.hurt", """{"damage":70}""");
        Assert.Equal(80, table.Call("ann", "player/ann", "player.use", """{"item":"potion"}""").GetProperty("hitPoints").GetInt32());
        Assert.Equal("no-such-item", Reason(() => table.Call("ann", "player/ann", "player.use", """{"item":"potion"}""")));
        Assert.Equal("not-you", Reason(() => table.Call("bob", "player/ann", "player.use", """{"item":"potion"}""")));
    }

    [Fact]
    public void Hit_points_never_fall_below_one()
    {
        for (var i = 0; i < 12; i++) table.Call("battle/x", "player/ann", "player.hurt", """{"damage":10}""");
        Assert.Equal(1, table.Call("ann", "player/ann", "player.look").GetProperty("hitPoints").GetInt32());
    }
}
