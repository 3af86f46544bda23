using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class RolloutTests
{
    static readonly Finding Broken = new("load/throws", "Battle", "It throws.", "Mend it.");

    [Fact]
    public void The_first_rollout_is_how_a_cluster_begins_to_serve()
    {
        var world = World.Serving(3, "battle@1.0.0", "lobby@1.0.0");

        Assert.All(world.Silos.Values, silo => Assert.True(silo.Agent.Ready));
        Assert.All(world.Silos.Keys, silo => Assert.Equal(["battle@1.0.0", "lobby@1.0.0"], world.Serves(silo)));
    }

    [Fact]
    public void A_rollout_is_prepared_everywhere_committed_once_and_ends_when_the_old_version_is_gone()
    {
        var world = World.Serving(3, "battle@1.0.0", "lobby@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        foreach (var silo in world.Silos.Values) silo.Modules.DrainTakes = TimeSpan.FromSeconds(4);

        var id = world.Start(new RolloutRequest { Modules = [new("battle", "1.1.0")], Reason = "numbers" });
        Assert.Equal(RolloutPhase.Preparing, world.Phase);
        Assert.All(world.Status(id).Silos, row => Assert.Equal("preparing", row.State));
        world.Run(0.1);
        Assert.Equal((2, RolloutPhase.Draining), (world.Release.Epoch, world.Phase));
        Assert.All(world.Silos.Keys, silo => Assert.Equal(["battle@1.1.0", "lobby@1.0.0"], world.Serves(silo)));
        world.Run(3);
        Assert.Equal(["draining", "draining", "draining"], world.Status(id).Silos.Select(row => row.State));
        world.Run(2);

        var status = world.Status(id);
        Assert.Equal((RolloutPhase.Permanent, 2, "ann", "numbers"), (status.Phase, status.Epoch!.Value, status.Actor, status.Reason));
        Assert.Equal([RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Permanent], status.Timings.Select(time => time.Phase));
        Assert.Equal(new ModuleChange("battle", "1.0.0", "1.1.0", []), status.Modules.Single() with { Methods = [] }, ChangeComparer);
        Assert.Equal(["~ 1.0.0 to 1.1.0"], status.Modules.Single().Methods);
        Assert.All(status.Silos, row => Assert.Equal(("done", 1, 2L, true), (row.State, row.Tries, row.Epoch, row.PrepareMs > 0)));
        Assert.Empty(status.Findings);
        Assert.All(world.Silos.Values, silo => Assert.Equal(["battle@1.1.0", "lobby@1.0.0"], silo.Modules.Loaded));
        Assert.All(world.Silos.Values, silo => Assert.Equal([1, 2], silo.Activated));
        Assert.Equal(32, status.TraceId.Length);
        Assert.Contains(world.Events, line => line.RolloutId == id && line.TraceId == status.TraceId && line.Message.Contains("permanent"));
    }

    [Fact]
    public void A_rollout_ends_as_soon_as_the_last_silo_is_rid_of_the_old_version_not_when_someone_looks_again()
    {
        var world = World.Serving(3, "battle@1.0.0");
        world.Packages.Publish("battle", "1.1.0");
        foreach (var silo in world.Silos.Values) silo.Modules.DrainTakes = TimeSpan.FromSeconds(4);

        world.Start(new RolloutRequest { Modules = [new("battle", "1.1.0")] });
        world.Run(0.1);
        Assert.Equal(RolloutPhase.Draining, world.Phase);
        world.Run(3.8);
        Assert.Equal(RolloutPhase.Draining, world.Phase);
        world.Run(0.2);
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
    }

    static readonly IEqualityComparer<ModuleChange> ChangeComparer =
        EqualityComparer<ModuleChange>.Create((one, other) => (one?.Name, one?.From, one?.To) == (other?.Name, other?.From, other?.To));

    [Fact]
    public void A_silo_that_refuses_tries_again_and_then_the_rollout_is_aborted_with_every_finding()
    {
        var world = World.Serving(3, "battle@1.0.0");
        var next = world.Packages.Publish("battle", "2.0.0");
        world.Silos["s2"].Modules.Refuses = (_, number) => Broken with { Where = $"try {number}" };
        world.Silos["s3"].Modules.Refuses = (_, _) => Broken with { Where = "s3's own" };

        var id = world.Start(new RolloutRequest { Modules = [next.Id], PrepareRetries = 2 });
        world.Run(10);

        var status = world.Status(id);
        Assert.Equal(RolloutPhase.Aborted, status.Phase);
        Assert.Null(status.Epoch);
        Assert.Equal([("s2", "try 3"), ("s3", "s3's own")], status.Findings.Select(finding => (finding.Silo!, finding.Where)));
        Assert.All(status.Findings, finding => Assert.Equal("battle@2.0.0", finding.Module));
        Assert.Equal([("s1", "prepared", 1), ("s2", "refused", 3), ("s3", "refused", 3)], status.Silos.Select(row => (row.Silo, row.State, row.Tries)));
        Assert.Equal(3, world.Silos["s2"].Modules.Tries[next.Digest]);
        Assert.All(world.Silos.Values, silo => Assert.Equal(["battle@1.0.0"], silo.Modules.Loaded));
        Assert.Equal(1, world.Release.Epoch);
    }

    [Fact]
    public void A_silo_that_refuses_at_first_and_then_prepares_does_not_hinder()
    {
        var world = World.Serving(2, "battle@1.0.0");
        var next = world.Packages.Publish("battle", "2.0.0");
        world.Silos["s2"].Modules.Refuses = (_, number) => number < 3 ? Broken : null;

        var id = world.Start("battle@2.0.0");
        world.Run(10);

        Assert.Equal(RolloutPhase.Permanent, world.Status(id).Phase);
        Assert.Empty(world.Status(id).Findings);
        Assert.Equal(3, world.Status(id).Silos.Single(row => row.Silo == "s2").Tries);
    }

    [Fact]
    public void After_an_aborted_rollout_the_next_try_works()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s1"].Modules.Refuses = (_, _) => Broken;
        world.Start(new RolloutRequest { Modules = [new("battle", "2.0.0")], PrepareRetries = 0 });
        world.Run(5);
        Assert.Equal(RolloutPhase.Aborted, world.Phase);
        world.Silos["s1"].Modules.Refuses = (_, _) => null;

        var id = world.Start("battle@2.0.0");
        world.Run(5);

        Assert.Equal((RolloutPhase.Permanent, 2L), (world.Status(id).Phase, world.Release.Epoch));
    }

    [Fact]
    public void An_abort_before_the_commit_leaves_nothing_behind()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s2"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(20);
        var id = world.Start("battle@2.0.0");
        world.Run(1);

        var status = world.Answer(world.Grain.Abort(id, new AbortRequest { Reason = "wrong numbers" }, "bob"));
        Assert.Equal(RolloutPhase.Aborting, status.Phase);
        Assert.Contains("bob gave the rollout up: wrong numbers", status.Findings.Single().Message);
        world.Run(30);

        Assert.Equal(RolloutPhase.Aborted, world.Status(id).Phase);
        Assert.All(world.Silos.Values, silo => Assert.Equal(["battle@1.0.0"], silo.Modules.Loaded));
        Assert.Equal(1, world.Release.Epoch);
    }

    [Fact]
    public void What_is_committed_or_ended_cannot_be_aborted()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s1"].Modules.DrainTakes = TimeSpan.FromSeconds(10);
        var first = world.Record.Rollout!.Id;
        var id = world.Start("battle@2.0.0");
        world.Run(1);

        Assert.Equal(RolloutPhase.Draining, world.Phase);
        Assert.Equal(ErrorCodes.RolloutEnded, world.Refused(() => world.Grain.Abort(id, new(), "bob")).Code);
        Assert.Equal(ErrorCodes.RolloutEnded, world.Refused(() => world.Grain.Abort(first, new(), "bob")).Code);
        Assert.Equal(ErrorCodes.UnknownRollout, world.Refused(() => world.Grain.Abort("nothing", new(), "bob")).Code);
    }

    [Fact]
    public void A_rollout_that_is_not_prepared_by_its_deadline_is_aborted_and_says_who_was_late()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s2"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(60);
        var id = world.Start(new RolloutRequest { Modules = [new("battle", "2.0.0")], DeadlineSeconds = 10 });

        world.Run(9.9);
        Assert.Equal(RolloutPhase.Preparing, world.Phase);
        world.Run(2);

        var finding = Assert.Single(world.Status(id).Findings);
        Assert.Equal((RolloutPhase.Aborted, "rollout/deadline"), (world.Phase, finding.Code));
        Assert.Contains("within 10 s: s2", finding.Message);
        world.Run(60);
        Assert.All(world.Silos.Values, silo => Assert.Equal(["battle@1.0.0"], silo.Modules.Loaded));
    }

    [Fact]
    public void A_dry_run_prepares_everywhere_and_leaves_nothing()
    {
        var world = World.Serving(2, "battle@1.0.0");
        var next = world.Packages.Publish("battle", "2.0.0");

        var id = world.Start(new RolloutRequest { Modules = [next.Id], DryRun = true });
        world.Run(5);

        var status = world.Status(id);
        Assert.Equal((RolloutPhase.Aborted, true), (status.Phase, status.DryRun));
        Assert.Empty(status.Findings);
        Assert.Contains(status.Timings, time => time.Phase is RolloutPhase.Prepared);
        Assert.All(world.Silos.Values, silo => Assert.Equal(1, silo.Modules.Tries[next.Digest]));
        Assert.All(world.Silos.Values, silo => Assert.Equal(["battle@1.0.0"], silo.Modules.Loaded));
        Assert.Single(world.History.Releases);
    }

    [Fact]
    public void A_stuck_version_ends_as_a_finding_after_a_while()
    {
        var world = World.Serving(2, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s2"].Modules.Sticks = _ => true;
        var id = world.Start("battle@2.0.0");

        world.Run(9);
        Assert.Equal(RolloutPhase.Draining, world.Phase);
        world.Run(3);

        var finding = Assert.Single(world.Status(id).Findings);
        Assert.Equal((RolloutPhase.Permanent, "rollout/slot-stuck", "s2"), (world.Phase, finding.Code, finding.Silo));
        Assert.Contains("Battle.Cache.All", finding.Message);
        Assert.Equal(["done", "serving"], world.Status(id).Silos.Select(row => row.State));
    }

    [Fact]
    public void A_version_that_never_drains_does_not_hold_the_rollout_for_ever()
    {
        var world = World.Serving(1, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        world.Silos["s1"].Modules.DrainTakes = TimeSpan.FromHours(1);
        var id = world.Start("battle@2.0.0");

        world.Run(95);

        Assert.Equal((RolloutPhase.Permanent, "rollout/slot-remains"), (world.Phase, world.Status(id).Findings.Single().Code));
    }

    [Fact]
    public void A_cluster_without_silos_commits_nothing()
    {
        var world = new World();
        world.Packages.Publish("battle", "1.0.0");
        var id = world.Start("battle@1.0.0");

        world.Run(35);

        Assert.Equal((RolloutPhase.Aborted, 0L), (world.Status(id).Phase, world.Release.Epoch));
    }
}
