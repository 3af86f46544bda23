using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class UndoTests
{
    static World Rolled(params string[] further)
    {
        var world = World.Serving(2, "battle@1.0.0");
        foreach (var version in further.Distinct()) world.Packages.Publish("battle", version);
        foreach (var version in further)
        {
            world.Start($"battle@{version}");
            world.Run(3);
        }
        return world;
    }

    static string Undone(World world)
    {
        world.Undo();
        world.Run(3);
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
        return world.Serves("s1").Single();
    }

    [Fact]
    public void Undo_goes_one_further_back_each_time_until_nothing_is_left()
    {
        var world = Rolled("1.1.0", "2.0.0");

        Assert.Equal("battle@1.1.0", Undone(world));
        Assert.Equal("battle@1.0.0", Undone(world));
        Assert.Equal(ErrorCodes.NothingToUndo, world.Refused(() => world.Grain.Undo(new(), "ann")).Code);

        Assert.Equal([(5L, 2L), (4L, 3L), (3L, null), (2L, null), (1L, (long?)null)],
            world.Answer(world.Grain.History()).Select(release => (release.Epoch, release.Undoes)));
    }

    [Fact]
    public void A_release_after_an_undo_is_undone_to_what_the_undo_brought_back()
    {
        var world = Rolled("1.1.0", "2.0.0");
        Undone(world);
        world.Packages.Publish("battle", "3.0.0");
        world.Start("battle@3.0.0");
        world.Run(3);

        Assert.Equal("battle@1.1.0", Undone(world));
        Assert.Equal("battle@1.0.0", Undone(world));
        Assert.Equal(ErrorCodes.NothingToUndo, world.Refused(() => world.Grain.Undo(new(), "ann")).Code);
    }

    [Fact]
    public void An_undo_takes_back_only_what_its_release_changed()
    {
        var world = World.Serving(1, "battle@1.0.0", "lobby@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        world.Packages.Publish("lobby", "1.1.0");
        world.Start("battle@1.1.0");
        world.Run(3);
        world.Start("lobby@1.1.0");
        world.Run(3);

        world.Undo();
        world.Run(3);

        Assert.Equal(["battle@1.1.0", "lobby@1.0.0"], world.Serves("s1"));
    }

    [Fact]
    public void What_still_drains_can_be_undone_at_once()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s1"].Modules.DrainTakes = TimeSpan.FromSeconds(20);
        var id = world.Start("battle@2.0.0");
        world.Run(1);
        Assert.Equal(RolloutPhase.Draining, world.Phase);

        world.Undo();
        world.Run(0.2);

        Assert.Equal(3, world.Release.Epoch);
        Assert.Equal(["battle@1.0.0"], world.Serves("s1"));
        Assert.Equal((RolloutPhase.Permanent, "rollout/undone-while-draining"), (world.Status(id).Phase, world.Status(id).Findings.Single().Code));
    }

    [Fact]
    public void What_is_not_committed_yet_is_aborted_not_undone()
    {
        var world = Rolled("1.1.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s1"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(10);
        world.Start("battle@2.0.0");

        Assert.Equal(ErrorCodes.RolloutRunning, world.Refused(() => world.Grain.Undo(new(), "ann")).Code);
    }

    [Fact]
    public void A_release_names_the_versions_whose_schema_stored_records_may_carry()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Packages.Publish("battle", "1.1.0", schema: 1);
        world.Packages.Publish("battle", "2.0.0", schema: 2);
        string[] Migrators() => [.. world.Release.Migrators.Select(package => package.ToString())];

        world.Start("battle@1.1.0");
        world.Run(3);
        Assert.Empty(Migrators());
        world.Start("battle@2.0.0");
        world.Run(3);
        Assert.Equal(["battle@1.1.0"], Migrators());
        world.Undo();
        world.Run(3);
        Assert.Equal(["battle@2.0.0"], Migrators());
        Assert.Equal(["battle@1.1.0"], world.Silos["s1"].Modules.Loaded);
    }

    [Fact]
    public void The_migrators_of_one_module_are_bounded()
    {
        var packages = new FakePackages();
        var served = Enumerable.Range(1, 20).Reverse().Select(i => packages.Of(packages.Publish("battle", $"{i}.0.0", schema: i))).ToList();
        var next = packages.Of(packages.Publish("battle", "21.0.0", schema: 21));

        var migrators = MigratorPlan.Of([next], served);

        Assert.Equal((MigratorPlan.LimitPerModule, "20.0.0"), (migrators.Count, migrators[0].Version));
    }
}
