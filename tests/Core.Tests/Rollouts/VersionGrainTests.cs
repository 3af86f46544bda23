using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class VersionGrainTests
{
    static World Ready()
    {
        var world = World.Serving(3, "battle@1.0.0");
        world.Packages.Publish("battle", "2.0.0");
        return world;
    }

    public static TheoryData<RolloutPhase, bool> Persisted()
    {
        var data = new TheoryData<RolloutPhase, bool>();
        foreach (var phase in new[] { RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Permanent }) data.Add(phase, false);
        foreach (var phase in new[] { RolloutPhase.Requested, RolloutPhase.Preparing, RolloutPhase.Aborting, RolloutPhase.Aborted }) data.Add(phase, true);
        return data;
    }

    [Theory]
    [MemberData(nameof(Persisted))]
    public void A_version_grain_that_dies_after_any_write_is_replaced_without_a_call_and_the_rollout_ends(RolloutPhase after, bool refused)
    {
        var world = Ready();
        if (refused) world.Silos["s2"].Modules.Refuses = (_, _) => new("load/throws", "Battle", "It throws.", "Mend it.");
        var first = world.Alive();
        first.Store.Applied = record => { if (record.Rollout?.Phase == after) first.Kill(); };
        _ = first.Grain.StartRollout(new RolloutRequest { Modules = [new("battle", "2.0.0")] }, "ann");

        world.Run(20);

        Assert.True(first.Dead);
        Assert.Equal(2, world.VersionGrains.Count);
        Assert.Equal((refused ? RolloutPhase.Aborted : RolloutPhase.Permanent, refused ? 1L : 2L), (world.Phase, world.Release.Epoch));
        var status = world.Status(world.Record.Rollout!.Id);
        Assert.Equal(status.Timings.Select(time => time.Phase).Distinct(), status.Timings.Select(time => time.Phase));
        Assert.All(world.Silos.Values, silo => Assert.Equal([refused ? "battle@1.0.0" : "battle@2.0.0"], silo.Modules.Loaded));
        if (refused) Assert.Contains(status.Findings, finding => finding.Silo == "s2");
    }

    [Fact]
    public void Version_grains_that_die_after_every_single_write_still_get_there()
    {
        var world = Ready();
        world.Alive().Kill();
        world.Starting = grain => grain.Store.Applied = _ => grain.Kill();

        _ = world.Grain.StartRollout(new RolloutRequest { Modules = [new("battle", "2.0.0")] }, "ann");
        world.Run(30);

        Assert.Equal((RolloutPhase.Permanent, 2L), (world.Phase, world.Release.Epoch));
        Assert.True(world.VersionGrains.Count >= 5);
    }

    [Fact]
    public void A_clock_starts_anew_with_a_new_version_grain_and_never_shrinks()
    {
        var world = Ready();
        world.Silos["s2"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(60);
        var id = world.Start(new RolloutRequest { Modules = [new("battle", "2.0.0")], DeadlineSeconds = 10 });
        world.Run(8);
        world.Alive().Kill();
        world.Run(8);

        Assert.Equal(RolloutPhase.Preparing, world.Phase);
        Assert.True(world.Status(id).Deadline > world.Status(id).RequestedAt.AddSeconds(17));
        world.Run(4);
        Assert.Equal(RolloutPhase.Aborted, world.Phase);
    }

    [Fact]
    public void A_store_that_stumbles_now_and_then_does_not_give_a_rollout_more_time()
    {
        var world = Ready();
        world.Silos["s2"].Modules.PrepareTakes = _ => TimeSpan.FromSeconds(60);
        var id = world.Start(new RolloutRequest { Modules = [new("battle", "2.0.0")], DeadlineSeconds = 10 });
        var deadline = world.Status(id).Deadline;
        for (var times = 0; times < 3; times++)
        {
            world.Run(1);
            world.Alive().Store.Dead = true;
            world.Run(1);
            world.Alive().Store.Dead = false;
        }
        world.Run(1);

        Assert.Contains(world.Events, line => line.Message.Contains("cannot go on"));
        Assert.Equal((RolloutPhase.Preparing, deadline), (world.Phase!.Value, world.Status(id).Deadline));
        Assert.Equal(["prepared", "preparing", "prepared"], world.Status(id).Silos.Select(row => row.State));
        world.Run(4);
        Assert.Equal(RolloutPhase.Aborted, world.Phase);
    }

    [Fact]
    public void Of_two_version_grains_the_etag_lets_one_through_and_the_other_causes_nothing()
    {
        var world = Ready();
        world.Packages.Publish("battle", "3.0.0");
        var one = world.Alive();
        var other = world.StartVersionGrain();
        world.Run(2);

        var first = one.Grain.StartRollout(new RolloutRequest { Modules = [new("battle", "2.0.0")] }, "ann");
        var second = other.Grain.StartRollout(new RolloutRequest { Modules = [new("battle", "3.0.0")] }, "bob");
        world.Run(10);

        Assert.Single(new[] { first, second }, task => task.IsCompletedSuccessfully);
        Assert.Single(new[] { first, second }, task => task.IsFaulted);
        Assert.Equal((RolloutPhase.Permanent, 2L), (world.Phase, world.Release.Epoch));
        // Each phase was told once: by the one whose write it was.
        var told = world.Events.Where(line => line.RolloutId == world.Record.Rollout!.Id).ToList();
        Assert.Equal(5, told.Count);
    }

    [Fact]
    public void A_stale_version_grain_whose_write_is_refused_sends_no_hint_and_tells_nothing()
    {
        var world = Ready();
        var stale = world.Alive();
        var other = world.StartVersionGrain();
        world.Run(1);
        // While the stale one's write is under way, the other has written already.
        var raced = false;
        stale.Store.Fault = _ =>
        {
            var current = world.Record;
            Assert.IsType<ClusterWriteOutcome.Written>(world.Checked.Write(current with { WriteId = Guid.NewGuid() }, current.Etag, default).Result);
            raced = stale.Store.Dead = true;
            return WriteFault.None;
        };
        var (hints, events) = (stale.HintsSent, world.Events.Count);

        _ = stale.Grain.StartRollout(new RolloutRequest { Modules = [new("battle", "2.0.0")] }, "ann");
        world.Executor.Drain();

        Assert.True(raced);
        Assert.Equal((hints, events), (stale.HintsSent, world.Events.Count));
        Assert.NotEqual("battle@2.0.0", world.Record.Rollout!.Packages[0].ToString());
        Assert.NotNull(other);
    }

    [Theory]
    [InlineData(nameof(WriteFault.AppliedButUnknown))]
    [InlineData(nameof(WriteFault.LostAndUnknown))]
    [InlineData(nameof(WriteFault.AppliedLateAndUnknown))]
    [InlineData(nameof(WriteFault.AppliedThenThrows))]
    [InlineData(nameof(WriteFault.ThrowsUnapplied))]
    public void After_a_write_of_unknown_result_it_reads_and_goes_on(string fault)
    {
        foreach (var phase in Enum.GetValues<RolloutPhase>())
        {
            var world = Ready();
            var done = false;
            world.Alive().Store.Fault = record =>
            {
                if (done || record.Rollout?.Phase != phase) return WriteFault.None;
                done = true;
                return Enum.Parse<WriteFault>(fault);
            };
            var id = world.Start("battle@2.0.0");
            world.Run(10);

            Assert.Equal((RolloutPhase.Permanent, 2L), (world.Status(id).Phase, world.Release.Epoch));
            Assert.Equal(2, world.History.Releases.Count);
            var told = world.Events.Where(line => line.RolloutId == id).Select(line => line.Message).ToList();
            Assert.Equal(told.Distinct(), told);
        }
    }

    [Fact]
    public void An_ended_rollout_is_known_to_a_new_version_grain()
    {
        var world = Ready();
        var first = world.Record.Rollout!.Id;
        var second = world.Start("battle@2.0.0");
        world.Run(5);
        world.Alive().Kill();

        Assert.Equal((RolloutPhase.Permanent, 1L), (world.Status(first).Phase, world.Status(first).Epoch!.Value));
        Assert.Equal((RolloutPhase.Permanent, 2L), (world.Status(second).Phase, world.Status(second).Epoch!.Value));
        Assert.Equal(["done", "done", "done"], world.Status(second).Silos.Select(row => row.State));
    }

    [Theory]
    [InlineData(nameof(WriteFault.AppliedButUnknown))]
    [InlineData(nameof(WriteFault.AppliedThenThrows))]
    public void A_write_that_stands_though_its_answer_was_lost_is_told_and_hinted_like_any_other(string fault)
    {
        var world = Ready();
        var grain = world.Alive();
        grain.Store.Fault = record => record.Rollout is { Ended: false, Phase: RolloutPhase.Prepared } ? Enum.Parse<WriteFault>(fault) : WriteFault.None;
        var hints = grain.HintsSent;
        var id = world.Start("battle@2.0.0");
        world.Run(10);

        Assert.Equal((RolloutPhase.Permanent, 2L), (world.Phase, world.Release.Epoch));
        Assert.Equal(5, world.Events.Count(line => line.RolloutId == id));
        Assert.Equal(5 * 3, grain.HintsSent - hints);
    }
}
