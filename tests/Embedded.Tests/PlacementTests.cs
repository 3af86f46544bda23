using Evergrain.Contracts;
using Evergrain.Embedded.Tests.World;

namespace Evergrain.Embedded.Tests;

public sealed class PlacementTests
{
    static readonly EntityId[] Entities = [.. Enumerable.Range(0, 4000).Select(i => new EntityId("room", $"room-{i}"))];

    [Fact]
    public void A_silo_that_joins_takes_its_share_and_moves_nothing_else()
    {
        using var world = new ClusterWorld();
        for (var i = 0; i < 4; i++) world.Join($"s{i}");
        var before = Entities.ToDictionary(id => id, id => world.Owner(id).Id);
        world.Join("s4");
        var moved = Entities.Where(id => world.Owner(id).Id != before[id]).ToArray();

        Assert.All(moved, id => Assert.Equal("s4", world.Owner(id).Id));
        Assert.InRange(moved.Length, 600, 1000);
    }

    [Fact]
    public void A_silo_that_dies_gives_its_share_to_all_the_others_and_moves_nothing_else()
    {
        using var world = new ClusterWorld();
        for (var i = 0; i < 4; i++) world.Join($"s{i}");
        var before = Entities.ToDictionary(id => id, id => world.Owner(id).Id);
        world.Kill("s2");

        Assert.All(Entities.Where(id => before[id] != "s2"), id => Assert.Equal(before[id], world.Owner(id).Id));
        var heirs = Entities.Where(id => before[id] == "s2").CountBy(id => world.Owner(id).Id).ToArray();
        Assert.Equal(3, heirs.Length);
        Assert.All(heirs, heir => Assert.InRange(heir.Value, 200, 500));
    }
}
