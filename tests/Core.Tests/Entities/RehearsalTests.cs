using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>Live boxes of lab 1.0.0 are tried on a version that does not serve.</summary>
public sealed class RehearsalTests
{
    readonly ModuleSlot lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");

    [Fact]
    public void Copies_go_there_and_back_and_nothing_of_the_live_ones_changes()
    {
        using var world = new World();
        for (var i = 0; i < 40; i++) world.Call($"box/{i}", "lab.add", new Amount(i == 13 ? 99 : i));
        world.Call("vault/v", "safe.add", new Amount(1));
        var record = world.Store["box/7"];
        var report = Rehearse(world, lab2);

        Assert.Equal((new RehearsalCount(40, 0, 0, 0, 0), 0), (report.Count, report.Findings.Count));
        Assert.Equal((40, 0), (world.Lab1.Leases, lab2.Leases));
        Assert.Same(record, world.Store["box/7"]);
        var reply = world.Call("box/7", "lab.get");
        Assert.Equal((7, "1.0.0", 1L), (world.Number(reply), reply.Module.Version, reply.Epoch));
    }

    [Fact]
    public void One_that_throws_is_told_by_its_key_and_stops_no_other()
    {
        using var world = new World();
        for (var i = 0; i < 40; i++) world.Call($"box/{i}", "lab.add", new Amount(i % 10 == 3 ? 13 : i + 100));
        var report = Rehearse(world, lab2, new RehearsalOptions { Shown = 3 });

        Assert.Equal(new RehearsalCount(40, 0, 4, 0, 0), report.Count);
        Assert.Equal(3, report.Findings.Count);
        Assert.All(report.Findings, finding => Assert.Equal((RehearsalRule.Failed, "lab@2.0.0", '3'), (finding.Code, finding.Module, finding.Where[^1])));
        Assert.Contains("lab@2.0.0: the step from schema 1 to 2 threw InvalidOperationException: 13 brings no luck", report.Findings[0].Message);
    }

    [Fact]
    public void One_whose_step_down_throws_in_a_rollout_upward_is_told_by_its_key_and_that_step()
    {
        using var world = new World();
        for (var i = 0; i < 10; i++) world.Call($"box/{i}", "lab.add", new Amount(i));
        var report = Rehearse(world, TestTables.Slot<StickyLabModule>("lab", "2.1.0"));

        Assert.Equal(new RehearsalCount(10, 0, 1, 0, 0), report.Count);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((RehearsalRule.Failed, "box/7"), (finding.Code, finding.Where));
        Assert.Contains("lab@2.1.0: the step from schema 2 to 1 threw InvalidOperationException: 7 sticks", finding.Message);
    }

    [Fact]
    public void What_does_not_come_back_is_a_difference_and_what_only_the_new_version_has_is_none()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Call("box/b", "lab.note", new Text("hello"));
        Assert.Equal(0, Rehearse(world, lab2).Count.Differences);

        var report = Rehearse(world, TestTables.Slot<ForgetfulLabModule>("lab", "2.1.0"));
        Assert.Equal(new RehearsalCount(2, 1, 0, 0, 0), report.Count);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((RehearsalRule.Different, "box/b"), (finding.Code, finding.Where));
        Assert.Contains("""state.log[0] is "hello" and would be nothing""", finding.Message);
    }

    [Fact]
    public void A_difference_in_what_is_secret_is_told_without_it()
    {
        using var world = new World();
        world.Call("box/b", "lab.note", new Text("hello"));
        var report = Rehearse(world, TestTables.Slot<SecretiveLabModule>("lab", "2.1.0"));

        Assert.Equal(1, report.Count.Differences);
        Assert.Contains("which is secret", report.Findings[0].Message);
        Assert.DoesNotContain("hello", report.Findings[0].Message);
    }

    [Fact]
    public void A_version_of_the_same_schema_is_tried_too()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        Assert.Equal(new RehearsalCount(1, 0, 0, 0, 0), Rehearse(world, TestTables.Slot<WordyLabModule>("lab", "1.1.0")).Count);
    }

    [Fact]
    public void A_chain_is_rehearsed_through_the_version_between()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Call("box/b", "lab.add", new Amount(26));
        var lab3 = TestTables.Slot<LabModule3>("lab", "3.0.0");
        Assert.Contains("from schema 1 to 2", Rehearse(world, lab3).Findings[0].Message);

        world.One.Tables.KeepAsMigrator(lab2);
        var report = Rehearse(world, lab3);
        Assert.Equal(new RehearsalCount(2, 0, 1, 0, 0), report.Count);
        Assert.Equal("box/b", Assert.Single(report.Findings).Where);
        Assert.Equal((0, 0), (lab2.Leases, lab3.Leases));
    }

    [Fact]
    public void A_version_with_the_lower_schema_is_only_asked_whether_it_can_take_what_is_there()
    {
        using var world = new World();
        world.Serve(2, lab2, world.Safe);
        world.Call("box/a", "lab.add", new Amount(7));
        world.Call("box/b", "lab.add", new Amount(13));
        var report = Rehearse(world, world.Lab1);

        Assert.Equal(new RehearsalCount(2, 0, 1, 0, 0), report.Count);
        Assert.Contains("13 stays", Assert.Single(report.Findings).Message);
    }

    [Fact]
    public void Scheduled_calls_and_sends_that_the_new_version_cannot_run_are_found_and_those_that_wait_already_are_not()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.give", 5, Frames: 2000));
        world.Call("box/b", "lab.plan", new Plan("lab.add", 5, Frames: 2000));
        world.Call("vault/v", "safe.add", new Amount(10));
        world.LoseRequest = request => request.Delivery;
        world.Call("vault/v", "safe.send", new Ask("box/c", "lab.give", 4));
        var report = Rehearse(world, lab2);

        Assert.Equal((3, 2), (report.Count.Entries, report.Count.Misfits));
        Assert.Equal([(RehearsalRule.EntryMisfit, "box/a"), (RehearsalRule.EntryMisfit, "vault/v")], report.Findings.Select(finding => (finding.Code, finding.Where)).Order());
        Assert.All(report.Findings, finding => Assert.Contains("lab@2.0.0 has no operation lab.give", finding.Message));

        world.Serve(2, lab2, world.Safe);
        world.Advance(101);
        Assert.NotNull(world.One.Active("box/a").State!.Extras.Schedule.Values.Single().Held);
        Assert.Equal(0, Rehearse(world, TestTables.Slot<LabModule2>("lab", "2.0.1")).Count.Misfits);
    }

    [Fact]
    public void The_sample_is_bounded_for_each_kind_and_others_get_the_thread_between()
    {
        using var world = new World();
        for (var i = 0; i < 60; i++) world.Call($"box/{i}", "lab.add", new Amount(i + 100));
        var (answered, between) = (0, 0);
        var run = new SiloRehearsal(world.One.Entities, world.Executor, new RehearsalOptions { Sample = 50, AtOnce = 5 }).Run(lab2, default);
        while (!run.IsCompleted)
        {
            var call = world.Begin("box/1", "lab.get", Evergrain.ModuleSdk.Nothing.Value);
            Assert.True(world.Executor.Step());
            between++;
            if (call.IsCompleted) answered++;
        }

        Assert.Equal(50, run.Result.Count.Entities);
        Assert.InRange(between, 10, 30);
        Assert.Equal(between, answered);
        Assert.Equal(RehearsalReport.Empty, Rehearse(world, lab2, new RehearsalOptions { Sample = 0, Entries = 0 }));
    }

    [Fact]
    public void A_rehearsal_that_is_given_up_says_so_and_holds_nothing()
    {
        using var world = new World();
        for (var i = 0; i < 60; i++) world.Call($"box/{i}", "lab.add", new Amount(i + 100));
        using var given = new CancellationTokenSource();
        var run = new SiloRehearsal(world.One.Entities, world.Executor, new RehearsalOptions { AtOnce = 5 }).Run(lab2, given.Token);
        world.Executor.Step();
        Assert.Equal(["rehearsal of lab@2.0.0"], world.One.Entities.HoldersOf(lab2, 10));
        given.Cancel();
        world.Executor.Drain();

        Assert.Equal(RehearsalRule.Interrupted, Assert.Single(run.Result.Findings).Code);
        Assert.Equal((60, 0), (world.Lab1.Leases, lab2.Leases));
        Assert.Empty(world.One.Entities.HoldersOf(lab2, 10));
    }

    [Fact]
    public void A_migrator_that_cannot_be_had_is_no_verdict_on_the_states()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.One.Tables.MigratorsThrow = new StoreUnavailableException("the package store is away.");
        var report = Rehearse(world, TestTables.Slot<LabModule3>("lab", "3.0.0"));

        Assert.Equal((RehearsalRule.Interrupted, 0), (Assert.Single(report.Findings).Code, report.Count.Failures));
        Assert.Equal(1, world.Lab1.Leases);
    }

    [Theory]
    [InlineData(RehearsalRule.Failed, true, true, false)]
    [InlineData(RehearsalRule.Different, true, false, false)]
    [InlineData(RehearsalRule.EntryMisfit, true, false, false)]
    [InlineData(RehearsalRule.Interrupted, true, true, true)]
    public void What_refuses_a_rollout(string code, bool asItIs, bool withDifferencesAccepted, bool asAnUndo)
    {
        var finding = new Finding(code, "box/a", "", "");
        Assert.Equal(asItIs, new RehearsalRule(AcceptDifferences: false, Undo: false).Refuses(finding));
        Assert.Equal(withDifferencesAccepted, new RehearsalRule(AcceptDifferences: true, Undo: false).Refuses(finding));
        Assert.Equal(asAnUndo, new RehearsalRule(AcceptDifferences: false, Undo: true).Refuses(finding));
    }

    static RehearsalReport Rehearse(World world, ModuleSlot candidate, RehearsalOptions? options = null)
    {
        var run = new SiloRehearsal(world.One.Entities, world.Executor, options ?? new RehearsalOptions()).Run(candidate, default);
        world.Executor.Drain();
        Assert.True(run.IsCompleted);
        return run.Result;
    }
}
