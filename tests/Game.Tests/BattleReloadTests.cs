using System.Text.Json;
using Evergrain.Game.Tests.Table;

namespace Evergrain.Game.Tests;

public sealed class BattleReloadTests
{
    const string Room = "battle/hall-1";

    static GameTable Fighting(string battle)
    {
        var table = new GameTable(battle);
        foreach (var player in new[] { "ann", "bob" }) table.Call(player, "lobby/hall", "lobby.queue");
        foreach (var player in new[] { "ann", "bob" }) table.Call(player, Room, "battle.join");
        Cast(table, "ann", "fireball", "bob");
        table.RunFrames(25);
        return table;
    }

    static int Cast(GameTable table, string caster, string skill, string target) =>
        table.Call(caster, Room, "battle.cast", $$"""{"skill":"{{skill}}","target":"{{target}}"}""").GetProperty("damage").GetInt32();

    static int HitPoints(GameTable table, string player) =>
        table.Call(player, Room, "battle.look").GetProperty("fighters").EnumerateArray()
            .Single(fighter => fighter.GetProperty("name").GetString() == player).GetProperty("hitPoints").GetInt32();

    [Fact]
    public void New_numbers_count_from_the_next_cast_of_the_same_match()
    {
        var table = Fighting("battle@1.0.0");
        table.Serve("battle@1.1.0");
        Assert.Equal(12, Cast(table, "ann", "fireball", "bob"));
        Assert.Equal(100 - 10 - 12, HitPoints(table, "bob"));
    }

    [Fact]
    public void A_match_goes_on_in_another_schema_and_back()
    {
        var table = Fighting("battle@1.1.0");
        table.Serve("battle@2.0.0");
        Assert.Equal(88, HitPoints(table, "bob"));
        // The shield takes half of the 15.
        Assert.Equal(15, Cast(table, "ann", "fireball", "bob"));
        Assert.Equal(80, HitPoints(table, "bob"));
        table.Serve("battle@1.1.0");
        Assert.Equal(80, HitPoints(table, "bob"));
        table.RunFrames(25);
        Assert.Equal(12, Cast(table, "ann", "fireball", "bob"));
    }

    [Fact]
    public void Up_and_down_again_gives_the_same_state()
    {
        var table = Fighting("battle@1.0.0");
        var before = table.StateOf("battle", Room);
        table.Serve("battle@2.0.0");
        Assert.NotEqual(before, table.StateOf("battle", Room));
        table.Serve("battle@1.0.0");
        Assert.Equal(before, table.StateOf("battle", Room));
    }

    [Fact]
    public void Down_and_up_again_loses_the_shields_alone()
    {
        var table = Fighting("battle@2.0.0");
        var before = JsonDocument.Parse(table.StateOf("battle", Room)).RootElement.GetProperty("fighters").GetProperty("bob");
        Assert.NotEqual(20, before.GetProperty("shield").GetInt32());
        table.Serve("battle@1.1.0");
        table.Serve("battle@2.0.0");
        var after = JsonDocument.Parse(table.StateOf("battle", Room)).RootElement.GetProperty("fighters").GetProperty("bob");
        Assert.Equal(before.GetProperty("hitPoints").GetInt32(), after.GetProperty("hitPoints").GetInt32());
        Assert.Equal(before.GetProperty("readyAt").GetRawText(), after.GetProperty("readyAt").GetRawText());
        Assert.Equal(20, after.GetProperty("shield").GetInt32());
    }

    [Fact]
    public void A_cooldown_that_began_in_one_version_holds_in_the_next()
    {
        var table = Fighting("battle@1.0.0");
        Cast(table, "ann", "lightning", "bob");
        table.Serve("battle@2.0.0");
        Assert.Equal("cooldown", Assert.Throws<Evergrain.ModuleSdk.RejectedException>(() => Cast(table, "ann", "lightning", "bob")).Reason);
    }

    [Fact]
    public void Shields_come_back_with_every_round()
    {
        var table = Fighting("battle@2.0.0");
        Assert.Contains("\"shield\":13", table.StateOf("battle", Room));
        table.RunFrames(200);
        var state = JsonDocument.Parse(table.StateOf("battle", Room)).RootElement;
        Assert.Equal(2, state.GetProperty("round").GetInt32());
        Assert.All(state.GetProperty("fighters").EnumerateObject(), fighter => Assert.Equal(20, fighter.Value.GetProperty("shield").GetInt32()));
    }
}
