using System.Text.Json;
using Evergrain.Game.Tests.Table;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests;

public sealed class BattleTests
{
    const string Room = "battle/hall-1";

    static GameTable Fighting(string battle = "battle@1.0.0")
    {
        var table = new GameTable(battle);
        table.Call("ann", "lobby/hall", "lobby.queue");
        table.Call("bob", "lobby/hall", "lobby.queue");
        table.Call("ann", Room, "battle.join");
        Assert.Equal("fighting", table.Call("bob", Room, "battle.join").GetProperty("phase").GetString());
        return table;
    }

    static JsonElement Cast(GameTable table, string caster, string skill, string target) =>
        table.Call(caster, Room, "battle.cast", $$"""{"skill":"{{skill}}","target":"{{target}}"}""");

    static string? Reason(Action call) => Assert.Throws<RejectedException>(call).Reason;

    static void Finish(GameTable table)
    {
        for (var i = 0; i < 100 && table.Call("ann", Room, "battle.look").GetProperty("phase").GetString() == "fighting"; i++)
        {
            Cast(table, "ann", "fireball", "bob");
            table.RunFrames(20);
        }
    }

    [Theory]
    [InlineData("battle@1.0.0", 5, 10, 18)]
    [InlineData("battle@1.1.0", 6, 12, 21)]
    [InlineData("battle@2.0.0", 7, 15, 25)]
    public void Damage_depends_on_skill_and_version_alone(string version, int strike, int fireball, int lightning)
    {
        var table = Fighting(version);
        Assert.Equal(strike, Cast(table, "ann", "strike", "bob").GetProperty("damage").GetInt32());
        Assert.Equal(fireball, Cast(table, "ann", "fireball", "bob").GetProperty("damage").GetInt32());
        Assert.Equal(lightning, Cast(table, "bob", "lightning", "ann").GetProperty("damage").GetInt32());
    }

    [Fact]
    public void A_skill_is_ready_again_after_its_cooldown_and_not_before()
    {
        var table = Fighting();
        var ready = Cast(table, "ann", "fireball", "bob").GetProperty("readyAt").GetInt64();
        table.RunFrames(19);
        Assert.Equal("cooldown", Reason(() => Cast(table, "ann", "fireball", "bob")));
        table.RunFrames(1);
        Assert.Equal(ready, Cast(table, "ann", "fireball", "bob").GetProperty("frame").GetInt64());
    }

    [Theory]
    [InlineData("battle@1.0.0")]
    [InlineData("battle@1.1.0")]
    [InlineData("battle@2.0.0")]
    public void The_winner_gets_the_prize_once_and_the_loser_bruises(string version)
    {
        var table = Fighting(version);
        Finish(table);
        table.RunFrames(40);
        var over = table.Call("bob", Room, "battle.look");
        Assert.Equal(("over", "ann", 10L), (over.GetProperty("phase").GetString(), over.GetProperty("winner").GetString(), over.GetProperty("gold").GetInt64()));
        Assert.Equal(10, table.Call("ann", "wallet/ann", "wallet.balance").GetProperty("balance").GetInt64());
        Assert.Single(table.Sends, sent => sent.Operation == "wallet.credit");
        Assert.Equal(90, table.Call("bob", "player/bob", "player.look").GetProperty("hitPoints").GetInt32());
        Assert.Single(table.Events, told => told.Event == "battle.won");
        Assert.Equal("idle", table.Call("bob", "lobby/hall", "lobby.status").GetProperty("state").GetString());
    }

    [Fact]
    public void A_blow_that_comes_after_the_end_lands_on_nobody_and_is_not_refused()
    {
        var table = Fighting();
        Finish(table);
        var late = Cast(table, "bob", "strike", "ann");
        Assert.Equal((5, false), (late.GetProperty("damage").GetInt32(), late.GetProperty("landed").GetBoolean()));
        Assert.Equal(10, table.Call("ann", "wallet/ann", "wallet.balance").GetProperty("balance").GetInt64());
    }

    [Fact]
    public void Frames_are_told_one_by_one_until_the_match_ends()
    {
        var table = Fighting();
        table.RunFrames(10);
        table.Call("bob", Room, "battle.leave");
        table.RunFrames(10);
        var frames = table.Events.Where(told => told.Event == "battle.frame").Select(told => JsonDocument.Parse(told.Data).RootElement.GetProperty("frame").GetInt64());
        Assert.Equal(Enumerable.Range(1, 10).Select(frame => (long)frame), frames);
    }

    [Fact]
    public void A_match_that_not_all_join_ends_without_a_winner()
    {
        var table = new GameTable();
        table.Call("ann", "lobby/hall", "lobby.queue");
        table.Call("bob", "lobby/hall", "lobby.queue");
        table.Call("ann", Room, "battle.join");
        table.RunFrames(600);
        var late = table.Call("bob", Room, "battle.join");
        Assert.Equal("over", late.GetProperty("phase").GetString());
        Assert.False(late.TryGetProperty("winner", out _));
        Assert.Equal("idle", table.Call("ann", "lobby/hall", "lobby.status").GetProperty("state").GetString());
    }

    [Fact]
    public void A_fight_without_an_end_is_a_draw_after_two_minutes()
    {
        var table = Fighting();
        table.RunFrames(2400);
        Assert.Equal("over", table.Call("ann", Room, "battle.look").GetProperty("phase").GetString());
        Assert.DoesNotContain(table.Sends, sent => sent.Operation == "wallet.credit");
    }

    [Fact]
    public void A_room_goes_away_a_minute_after_its_match()
    {
        var table = Fighting();
        Finish(table);
        Assert.True(table.Exists("battle", Room));
        table.RunFrames(1200);
        Assert.False(table.Exists("battle", Room));
    }

    [Fact]
    public void Wrong_casts_are_refused_by_name()
    {
        var table = Fighting();
        Assert.Equal("unknown-skill", Reason(() => Cast(table, "ann", "tickle", "bob")));
        Assert.Equal("no-such-target", Reason(() => Cast(table, "ann", "strike", "zoe")));
        Assert.Equal("no-such-target", Reason(() => Cast(table, "ann", "strike", "ann")));
        Assert.Equal("not-in-this-match", Reason(() => Cast(table, "zoe", "strike", "ann")));
        Assert.Equal("not-invited", Reason(() => table.Call("zoe", Room, "battle.join")));
        Assert.Equal("room-taken", Reason(() => table.Call("lobby/x", Room, "battle.open", """{"players":["a","b"]}""")));
        Assert.Equal("bad-players", Reason(() => table.Call("lobby/x", "battle/y", "battle.open", """{"players":["a","a"]}""")));
    }

    [Fact]
    public void A_room_that_no_lobby_opened_is_for_practice_and_gives_no_gold()
    {
        var table = new GameTable();
        table.Call("anonymous", "battle/yard", "battle.join");
        for (var i = 0; i < 1100; i++)
        {
            table.Call("anonymous", "battle/yard", "battle.cast", """{"skill":"fireball","target":"dummy"}""");
            table.RunFrames(20);
            if (table.Call("anonymous", "battle/yard", "battle.look").GetProperty("phase").GetString() == "over") break;
        }
        Assert.Equal("over", table.Call("anonymous", "battle/yard", "battle.look").GetProperty("phase").GetString());
        Assert.Empty(table.Sends);
        Assert.Equal("fighting", table.Call("anonymous", "battle/yard", "battle.join").GetProperty("phase").GetString());
    }
}
