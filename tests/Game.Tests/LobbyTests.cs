using System.Text.Json;
using Evergrain.Game.Tests.Table;
using Evergrain.ModuleSdk;

namespace Evergrain.Game.Tests;

public sealed class LobbyTests
{
    readonly GameTable table = new();

    JsonElement Queue(string player, int size = 2) => table.Call(player, "lobby/hall", "lobby.queue", $$"""{"size":{{size}}}""");
    string? State(string player) => table.Call(player, "lobby/hall", "lobby.status").GetProperty("state").GetString();

    [Fact]
    public void Two_who_queue_are_matched_and_told()
    {
        Assert.Equal("waiting", Queue("ann").GetProperty("state").GetString());
        Queue("bob");
        var place = table.Call("ann", "lobby/hall", "lobby.status");
        Assert.Equal(("matched", "battle/hall-1"), (place.GetProperty("state").GetString(), place.GetProperty("room").GetString()));
        var matched = Assert.Single(table.Events, told => told.Event == "lobby.matched");
        Assert.Equal("""{"room":"battle/hall-1","players":["ann","bob"]}""", matched.Data);
    }

    [Fact]
    public void Who_queues_twice_is_matched_with_another_and_not_with_oneself()
    {
        Queue("ann");
        Queue("ann");
        Assert.Equal("waiting", State("ann"));
        Queue("bob");
        Assert.Equal(("matched", "matched"), (State("ann"), State("bob")));
    }

    [Fact]
    public void Matches_of_different_sizes_fill_apart()
    {
        Queue("ann", 3);
        Queue("bob", 2);
        Queue("cid", 3);
        Assert.Equal("waiting", State("bob"));
        Queue("dot", 3);
        Assert.Equal(("matched", "waiting", "matched"), (State("ann"), State("bob"), State("dot")));
    }

    [Fact]
    public void Who_leaves_is_not_matched()
    {
        Queue("ann");
        table.Call("ann", "lobby/hall", "lobby.leave");
        Queue("bob");
        Assert.Equal(("idle", "waiting"), (State("ann"), State("bob")));
    }

    [Fact]
    public void Each_match_has_a_room_of_its_own_and_the_newest_counts()
    {
        foreach (var player in new[] { "ann", "bob", "ann", "bob" }) Queue(player);
        Assert.Equal("battle/hall-2", table.Call("ann", "lobby/hall", "lobby.status").GetProperty("room").GetString());
    }

    [Theory]
    [InlineData("ann", 1, "bad-size")]
    [InlineData("ann", 9, "bad-size")]
    [InlineData("battle/x", 2, "not-a-player")]
    public void Wrong_tickets_are_refused(string caller, int size, string reason) =>
        Assert.Equal(reason, Assert.Throws<RejectedException>(() => Queue(caller, size)).Reason);
}
