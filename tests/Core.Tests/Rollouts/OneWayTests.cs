using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>Versions whose states cannot come down.</summary>
public sealed class OneWayTests
{
    [Fact]
    public void A_rollout_that_could_not_be_undone_is_refused_before_any_silo_prepares_it()
    {
        var world = Serving();
        world.Packages.Publish("battle", "2.0.0", schema: 2, oneWay: true);

        var refused = world.Refused(() => world.Grain.StartRollout(Request("battle@2.0.0"), "ann"));

        Assert.Equal(ErrorCodes.OneWay, refused.Code);
        var finding = Assert.Single(refused.Findings);
        Assert.Equal(("battle", "battle@2.0.0"), (finding.Where, finding.Module));
        Assert.Contains("from 2 down to 1", finding.Message);
        Assert.Contains("--one-way", finding.Next);
        Assert.False(world.Silos["s1"].Modules.Tries.ContainsKey("digest-battle-2.0.0"));
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
    }

    [Fact]
    public void The_operator_accepts_one_way_and_the_undo_says_what_it_would_leave_behind_until_that_is_accepted_too()
    {
        var world = Serving();
        world.Packages.Publish("battle", "2.0.0", schema: 2, oneWay: true);
        var there = world.Start(Request("battle@2.0.0") with { OneWay = true });
        world.Run(3);
        Assert.Equal((2, RolloutPhase.Permanent), (world.Release.Epoch, world.Phase));
        Assert.Equal(ErrorCodes.OneWay, Assert.Single(world.Status(there).Accepted).Code);
        Assert.Empty(world.Status(there).Findings);

        var refused = world.Refused(() => world.Grain.Undo(new UndoRequest(), "ann"));
        Assert.Equal(ErrorCodes.OneWay, refused.Code);
        Assert.Contains("entities of schema 2 keep their bytes and answer entity-quarantined", refused.Message);
        Assert.Equal(2, world.Release.Epoch);

        var back = world.Answer(world.Grain.Undo(new UndoRequest { OneWay = true }, "ann")).Id;
        world.Run(3);
        Assert.Equal((3, RolloutPhase.Permanent), (world.Release.Epoch, world.Phase));
        Assert.Equal(["battle@1.0.0"], world.Serves("s1"));
        Assert.Equal(ErrorCodes.OneWay, Assert.Single(world.Status(back).Accepted).Code);
        Assert.Equal(["battle@2.0.0"], world.Release.Migrators.Select(package => package.ToString()));
    }

    [Fact]
    public void Going_back_by_a_rollout_of_the_older_version_is_the_same_question()
    {
        var world = Serving();
        world.Packages.Publish("battle", "2.0.0", schema: 2, oneWay: true);
        world.Start(Request("battle@2.0.0") with { OneWay = true });
        world.Run(3);

        Assert.Equal(ErrorCodes.OneWay, world.Refused(() => world.Grain.StartRollout(Request("battle@1.0.0"), "ann")).Code);
    }

    [Fact]
    public void A_step_down_of_a_version_that_served_before_counts()
    {
        var world = Serving();
        world.Packages.Publish("battle", "2.0.0", schema: 2);
        world.Packages.Publish("battle", "3.0.0", schema: 3, onlyNewest: true);
        world.Start(Request("battle@2.0.0"));
        world.Run(3);
        world.Start(Request("battle@3.0.0"));
        world.Run(3);
        Assert.Equal(3, world.Release.Epoch);

        world.Start(Request("battle@1.0.0"));
        world.Run(3);
        Assert.Equal((4, "battle@1.0.0"), (world.Release.Epoch, world.Serves("s1")[0]));
        Assert.Equal(["battle@3.0.0", "battle@2.0.0"], world.Release.Migrators.Select(package => package.ToString()));
    }

    static World Serving() => World.Serving(2, "battle@1.0.0");
    static RolloutRequest Request(string version) => new() { Modules = [ModuleId.Parse(version)] };
}
