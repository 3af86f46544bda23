using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;

namespace Evergrain.Core.Tests.Rollouts;

/// <summary>What silos found when they tried their live state, on its way to the operator.</summary>
public sealed class RehearsedRolloutTests
{
    static readonly Finding Difference = new(RehearsalRule.Different, "battle/room-7", "It would not come back.", "Mend it.");

    [Fact]
    public void The_counts_of_all_silos_are_in_the_status_before_the_commit_and_stay_in_the_history()
    {
        var world = Serving(_ => new RehearsalReport(new RehearsalCount(500, 0, 0, 3, 0), []));
        world.Silos["s2"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(2);
        var id = world.Start("battle@1.1.0");
        world.Run(1);
        Assert.Equal((RolloutPhase.Preparing, new RehearsalCount(500, 0, 0, 3, 0)), (world.Phase, world.Status(id).Rehearsal));
        world.Run(5);

        Assert.Equal((2, RolloutPhase.Permanent), (world.Release.Epoch, world.Phase));
        Assert.Equal(new RehearsalCount(1000, 0, 0, 6, 0), world.History.Rollouts[0].ToStatus().Rehearsal);
    }

    [Fact]
    public void A_difference_refuses_on_every_silo_until_it_is_accepted_and_is_then_kept_as_accepted()
    {
        var world = Serving(package => package.Version == "1.0.0" ? null : new RehearsalReport(new RehearsalCount(500, 1, 0, 0, 0), [Difference]));
        var refused = world.Start(new RolloutRequest { Modules = [new("battle", "1.1.0")], PrepareRetries = 0 });
        world.Run(3);
        Assert.Equal((1, RolloutPhase.Aborted), (world.Release.Epoch, world.Phase));
        Assert.Equal(["s1", "s2"], world.Status(refused).Findings.Select(finding => finding.Silo!));
        Assert.Equal(2, world.Status(refused).Rehearsal!.Differences);

        var accepted = world.Start(new RolloutRequest { Modules = [new("battle", "1.1.0")], AcceptDifferences = true });
        world.Run(3);
        Assert.Equal((2, RolloutPhase.Permanent), (world.Release.Epoch, world.Phase));
        Assert.Empty(world.Status(accepted).Findings);
        Assert.Equal(["s1", "s2"], world.Status(accepted).Accepted.Select(finding => finding.Silo!));
    }

    [Fact]
    public void A_silo_that_catches_up_with_what_is_committed_rehearses_nothing()
    {
        var world = Serving(_ => null);
        world.Start("battle@1.1.0");
        world.Run(3);
        world.AddSilo("s3", modules => modules.Rehearses = _ => new RehearsalReport(new RehearsalCount(1, 1, 0, 0, 0), [Difference]));
        world.Run(3);
        Assert.Equal(["battle@1.1.0"], world.Serves("s3"));
    }

    static World Serving(Func<Runtime.PackageRef, RehearsalReport?> rehearses)
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        foreach (var silo in world.Silos.Values) silo.Modules.Rehearses = rehearses;
        return world;
    }
}
