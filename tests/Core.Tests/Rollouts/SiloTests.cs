using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class SiloTests
{
    static World Ready(int silos = 3)
    {
        var world = World.Serving(silos, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        return world;
    }

    [Fact]
    public void A_silo_that_dies_while_preparing_does_not_hinder_the_others()
    {
        var world = Ready();
        world.Silos["s3"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(20);
        var id = world.Start("battle@2.0.0");
        world.Run(1);
        world.Silos["s3"].Kill();
        world.Run(5);

        Assert.Equal(RolloutPhase.Permanent, world.Status(id).Phase);
        Assert.Equal(["done", "done", "left"], world.Status(id).Silos.Select(row => row.State));
        Assert.Equal(["s1", "s2"], world.Record.Silos.Select(silo => silo.Id));
        Assert.Contains(world.Events, line => line.Silo == "s3" && line.Message.Contains("has left"));
    }

    [Fact]
    public void A_silo_that_dies_right_after_the_commit_does_not_hinder_the_end()
    {
        var world = Ready();
        world.Alive().Store.Applied = record => { if (record.Epoch == 2 && !world.Silos["s2"].Dead) world.Silos["s2"].Kill(); };
        var id = world.Start("battle@2.0.0");
        world.Run(5);

        Assert.Equal((RolloutPhase.Permanent, 2L), (world.Status(id).Phase, world.Release.Epoch));
        Assert.Equal(["battle@1.0.0"], world.Serves("s2"));
        Assert.Equal(["battle@2.0.0"], world.Serves("s1"));
    }

    [Fact]
    public void A_silo_that_joins_while_others_prepare_must_prepare_too()
    {
        var world = Ready(2);
        world.Silos["s1"].Modules.PrepareTakes = package => TimeSpan.FromSeconds(package.Version == "2.0.0" ? 2 : 0.1);
        var id = world.Start("battle@2.0.0");
        world.Run(1);
        world.AddSilo("s3", modules => modules.PrepareTakes = package => TimeSpan.FromSeconds(package.Version == "2.0.0" ? 4 : 0.1));
        world.Run(2);

        Assert.Equal((RolloutPhase.Preparing, 1L), (world.Phase, world.Release.Epoch));
        Assert.Equal(["prepared", "prepared", "preparing"], world.Status(id).Silos.Select(row => row.State));
        Assert.True(world.Silos["s3"].Started!.IsCompletedSuccessfully);
        world.Run(5);

        Assert.Equal(RolloutPhase.Permanent, world.Phase);
        Assert.Equal(["battle@2.0.0"], world.Serves("s3"));
    }

    [Fact]
    public void A_silo_that_enrols_between_the_last_report_and_the_commit_is_not_missed()
    {
        var world = Ready(2);
        var joined = false;
        world.Alive().Store.Applied = record =>
        {
            if (joined || record.Rollout?.Phase is not RolloutPhase.Prepared) return;
            joined = true;
            var joiner = world.AddSilo("s3", modules => modules.PrepareTakes = _ => TimeSpan.FromSeconds(1));
            var enrolled = record with { Silos = [.. record.Silos, new EnrolledSilo("s3", joiner.Agent.Instance, world.Time.GetUtcNow())] };
            Assert.IsType<ClusterWriteOutcome.Written>(world.Checked.Write(enrolled, record.Etag, default).Result);
        };
        world.Start("battle@2.0.0");
        world.Run(10);

        Assert.True(joined);
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
        Assert.Equal(["battle@2.0.0"], world.Serves("s3"));
    }

    [Fact]
    public void A_silo_that_joins_while_the_old_version_drains_serves_only_after_it_has_caught_up()
    {
        var world = Ready(2);
        world.Silos["s1"].Modules.DrainTakes = TimeSpan.FromSeconds(20);
        world.Start("battle@2.0.0");
        world.Run(2);
        Assert.Equal(RolloutPhase.Draining, world.Phase);
        var joiner = world.AddSilo("s3", modules => modules.PrepareTakes = _ => TimeSpan.FromSeconds(3));

        world.Run(2);
        Assert.False(joiner.Agent.Ready);
        Assert.False(joiner.Started!.IsCompleted);
        world.Run(2);

        Assert.True(joiner.Agent.Ready);
        Assert.Equal([2], joiner.Activated);
        world.Run(20);
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
    }

    [Fact]
    public void A_silo_that_serves_nothing_yet_judges_a_rollout_against_what_the_cluster_serves()
    {
        var world = Ready(2);
        world.Silos["s1"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(5);
        world.Start("battle@2.0.0");
        world.Run(1);
        var joiner = world.AddSilo("s3", modules => modules.PrepareTakes = _ => TimeSpan.FromSeconds(2));
        world.Run(1);

        Assert.Equal(0, joiner.Modules.Epoch);
        Assert.Equal(["battle@1.0.0"], joiner.Modules.ComparedWith.Single(pair => pair.Key.ToString() == "battle@2.0.0").Value.Select(package => package.ToString()));
    }

    [Fact]
    public void A_silo_that_cannot_activate_goes_on_trying_and_is_not_ready()
    {
        var world = Ready(1);
        var joiner = world.AddSilo("s2", modules => modules.RefusesToActivate = true);
        world.Run(10);
        Assert.False(joiner.Agent.Ready);
        Assert.Equal(CatchUpAnswer.NotReady, world.Answer(joiner.Agent.CatchUp(1).AsTask()));

        joiner.Modules.RefusesToActivate = false;
        world.Run(7);

        Assert.True(joiner.Agent.Ready);
    }

    [Fact]
    public void A_joiner_whose_store_lost_a_package_for_a_while_comes_up_in_the_end()
    {
        var world = Ready(1);
        var joiner = world.AddSilo("s2", modules => modules.Refuses = (_, number) => number < 12 ? new("store/missing", "battle", "Missing.", "Wait.") : null);
        world.Run(20);
        Assert.False(joiner.Agent.Ready);
        world.Run(60);
        Assert.True(joiner.Agent.Ready);
    }

    [Fact]
    public void A_silo_that_comes_back_under_its_old_name_has_prepared_nothing()
    {
        var world = Ready(2);
        world.Silos["s1"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(3);
        world.Start("battle@2.0.0");
        world.Run(1);
        world.Silos["s2"].Kill();
        var back = world.AddSilo("s2", modules => modules.PrepareTakes = package => TimeSpan.FromSeconds(package.Version == "2.0.0" ? 5 : 0.1));
        back.ReportArrives = _ => false;
        world.Run(3);

        Assert.Equal((RolloutPhase.Preparing, 1L), (world.Phase, world.Release.Epoch));
        back.ReportArrives = _ => true;
        world.Run(5);
        Assert.Equal(["battle@2.0.0"], back.Modules.Serving.Select(package => package.ToString()));
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
    }

    [Fact]
    public void A_mistake_while_a_silo_converges_is_told_and_does_not_end_its_looking()
    {
        var world = Ready(2);
        world.Silos["s2"].Modules.KeepThrows = true;
        world.Run(5);
        Assert.Contains(world.Events, line => line.Silo == "s2" && line.Message.Contains("goes on"));
        Assert.Equal(CatchUpAnswer.EpochUnknown, world.Answer(world.Silos["s2"].Agent.CatchUp(99).AsTask()));

        world.Silos["s2"].Modules.KeepThrows = false;
        world.Start("battle@2.0.0");
        world.Run(10);
        Assert.Equal(RolloutPhase.Permanent, world.Phase);
        Assert.Equal(1, world.Silos["s2"].Agent.Incarnation);
    }

    [Fact]
    public void A_silo_that_stops_leaves_the_record_by_itself()
    {
        var world = Ready(2);
        var stopped = world.Silos["s2"].Agent.Stop();
        world.Executor.Drain();

        Assert.True(stopped.IsCompletedSuccessfully);
        Assert.Equal(["s1"], world.Record.Silos.Select(silo => silo.Id));
        Assert.False(world.Silos["s2"].Agent.Ready);
        world.Run(5);
        Assert.Equal(["s1"], world.Record.Silos.Select(silo => silo.Id));
    }

    [Fact]
    public void A_silo_that_was_dropped_by_mistake_enrols_again()
    {
        var world = Ready(2);
        world.MayLeave = _ => true;
        // Neither seen nor heard.
        world.Alive().SeesAlive = () => ["s1"];
        world.Silos["s2"].ReportArrives = _ => false;
        world.Run(2);
        world.Alive().SeesAlive = null;
        world.Silos["s2"].ReportArrives = _ => true;
        world.Run(2);

        Assert.Equal(["s1", "s2"], world.Record.Silos.Select(silo => silo.Id));
        Assert.True(world.Silos["s2"].Agent.Ready);
        Assert.Contains(world.Checked.Written, record => record.Silos.Count == 1 && record.Epoch == 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Lost_and_doubled_hints_do_no_harm(int arrives)
    {
        var world = Ready(3);
        world.HintArrives = _ => arrives;
        world.Start("battle@2.0.0");
        world.Run(5);

        Assert.Equal(RolloutPhase.Permanent, world.Phase);
        Assert.All(world.Silos.Values, silo => Assert.Equal([1, 2], silo.Activated));
    }

    [Fact]
    public void A_report_that_comes_late_does_not_undo_a_newer_one()
    {
        var world = Ready(2);
        world.Silos["s1"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(5);
        var kept = new List<SiloReport>();
        world.Silos["s2"].ReportArrives = report => { kept.Add(report); return true; };
        var id = world.Start("battle@2.0.0");
        world.Run(1.05);

        world.Grain.Report(kept.First(report => report.Packages.Any(row => row.State is PrepareState.Preparing)));

        Assert.Equal(["preparing", "prepared"], world.Status(id).Silos.Select(row => row.State));
    }

    [Fact]
    public void A_report_from_before_an_abort_does_not_count_for_the_next_rollout()
    {
        var world = Ready(2);
        var kept = new List<SiloReport>();
        world.Silos["s2"].ReportArrives = report => { kept.Add(report); return true; };
        world.Silos["s1"].Modules.Refuses = (package, _) => package.Version == "2.0.0" ? new("load/throws", "x", "It throws.", "Mend it.") : null;
        world.Start(new RolloutRequest { Modules = [new("battle", "2.0.0")], PrepareRetries = 0 });
        world.Run(5);
        Assert.Equal(RolloutPhase.Aborted, world.Phase);
        world.Silos["s1"].Modules.Refuses = (_, _) => null;
        world.Silos["s2"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(3);

        world.Start("battle@2.0.0");
        var prepared = kept.Last(report => report.Packages.Any(row => row.State is PrepareState.Prepared && row.Package.Version == "2.0.0"));
        world.Grain.Report(prepared with { Sequence = 1_000_000 });
        world.Run(1);

        Assert.Equal((RolloutPhase.Preparing, 1L), (world.Phase, world.Release.Epoch));
    }
}
