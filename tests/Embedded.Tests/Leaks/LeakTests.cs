using System.Runtime.CompilerServices;
using System.Text;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rehearsals;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Embedded.Tests.Leaks;

[Collection(RealTime.Name)]
public sealed class LeakTests
{
    static class CarelessHost
    {
        public static object? Kept;
    }

    [Fact]
    public async Task The_battle_leak_with_timers_and_free_tasks_is_refused_at_publish_with_every_finding()
    {
        await using var cluster = await RealCluster.Start();
        var refused = await Assert.ThrowsAsync<FindingsException>(() => cluster.Cluster.Ops.Publish(Forge.Module("Bad.Code", "Bad.Code.BattleLeak"), default));

        Assert.Equal(ErrorCodes.BadPackage, refused.Code);
        var found = refused.Findings.Where(finding => $"{finding.Where} {finding.Message}".Contains("BattleLeak", StringComparison.Ordinal)).Select(finding => finding.Message).ToArray();
        foreach (var offence in new[] { "Timer", "Task.Run", "Task.Delay", "Heartbeats" })
            Assert.Contains(found, message => message.Contains(offence, StringComparison.Ordinal));
        Assert.DoesNotContain(await cluster.Cluster.Ops.Packages(default), package => package.Name == "counter");
    }

    [Fact]
    public async Task Its_tracked_form_beats_until_the_reload_is_cancelled_then_and_the_old_version_is_proved_gone()
    {
        await using var cluster = await RealCluster.Start();
        for (var i = 0; i < 5; i++) Assert.True((await cluster.Call($"connection-{i}", "pulse.connect")).Ok);
        var ended = await cluster.RollOut("2.0.0");

        Assert.Equal(RolloutPhase.Permanent, ended.Phase);
        Assert.Empty(ended.Findings);
        await cluster.Slot("1.0.0", SlotState.Gone);
        var still = (await cluster.Call("connection-1", "pulse.look")).Result.ToArray();
        Assert.Equal(still, (await cluster.Call("connection-1", "pulse.look")).Result.ToArray());
        Assert.Empty((await cluster.Cluster.EntityOps.Show(new("pulse", "connection-1"), default)).TrackedWork);
    }

    [Fact]
    public async Task Work_that_ignores_its_token_is_named_with_its_operation_and_the_next_reload_works()
    {
        await using var cluster = await RealCluster.Start(TimeSpan.FromMilliseconds(200));
        Assert.True((await cluster.Call("deaf-one", "pulse.hold")).Ok);
        var ended = await cluster.RollOut("2.0.0");

        var stuck = await cluster.Slot("1.0.0", SlotState.Stuck);
        Assert.Equal(1, stuck.Leases);
        Assert.Contains(stuck.Holders, holder => holder.Contains("'deaf'", StringComparison.Ordinal) && holder.Contains("pulse.hold", StringComparison.Ordinal) && holder.Contains("pulse/deaf-one", StringComparison.Ordinal));
        Assert.Equal(RolloutPhase.Permanent, ended.Phase);
        Assert.NotEmpty(ended.Findings);
        Assert.Equal("2.0.0", (await cluster.Call("deaf-one", "pulse.look")).Module.Version);

        var undone = await cluster.Ended(await cluster.Cluster.Ops.Undo(new UndoRequest(), "test", default));
        Assert.Equal(RolloutPhase.Permanent, undone.Phase);
        Assert.Equal("1.0.0", (await cluster.Call("deaf-one", "pulse.look")).Module.Version);
        await cluster.Slot("2.0.0", SlotState.Gone);
    }

    [Fact]
    public async Task A_rehearsal_that_fails_refuses_the_version_and_leaves_nothing_of_its_code()
    {
        await using var cluster = await RealCluster.Start();
        for (var i = 0; i < 13; i++) await cluster.Call("thirteen", "pulse.beat");
        await cluster.Call("three", "pulse.beat");
        var ended = await cluster.RollOut("2.0.0");

        await cluster.Slot("2.0.0", SlotState.Gone);
        Assert.Equal(RolloutPhase.Aborted, ended.Phase);
        Assert.Equal((2, 1), (ended.Rehearsal!.Entities, ended.Rehearsal.Failures));
        Assert.Equal("pulse/thirteen", Assert.Single(ended.Findings, finding => finding.Code == RehearsalRule.Failed).Where);
        Assert.Equal("1.0.0", (await cluster.Call("thirteen", "pulse.look")).Module.Version);
    }

    [Fact]
    public async Task An_entity_that_a_failing_migration_leaves_behind_is_evicted_at_the_drain_deadline_and_its_bytes_stay()
    {
        await using var cluster = await RealCluster.Start(TimeSpan.FromSeconds(1), new RehearsalOptions { Sample = 0 });
        for (var i = 0; i < 13; i++) await cluster.Call("thirteen", "pulse.beat");
        await cluster.Call("three", "pulse.beat");
        var ended = await cluster.RollOut("2.0.0");

        await cluster.Slot("1.0.0", SlotState.Gone);
        Assert.Equal(RolloutPhase.Permanent, ended.Phase);
        var reply = await cluster.Call("thirteen", "pulse.look");
        Assert.Equal((ErrorCodes.EntityQuarantined, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        var slice = (await cluster.Entities.Read(new("pulse", "thirteen")))!.Slices.Single();
        Assert.Equal((1, """{"beats":13,"syncs":0}"""), (slice.Schema, Encoding.UTF8.GetString(slice.Bytes)));
        Assert.True((await cluster.Call("three", "pulse.look")).Ok);

        await cluster.Ended(await cluster.Cluster.Ops.Undo(new UndoRequest(), "test", default));
        Assert.True((await cluster.Call("thirteen", "pulse.beat")).Ok);
        await cluster.Slot("2.0.0", SlotState.Gone);
    }

    [Fact]
    public async Task A_static_field_of_the_host_that_holds_an_object_of_the_module_is_named_and_the_version_goes_when_it_lets_go()
    {
        await using var cluster = await RealCluster.Start();
        Keep(cluster.Silo);
        var ended = await cluster.RollOut("2.0.0");
        var stuck = await cluster.Slot("1.0.0", SlotState.Stuck);

        Assert.Contains(stuck.Holders, holder => holder.Contains($"{nameof(CarelessHost)}.{nameof(CarelessHost.Kept)}", StringComparison.Ordinal));
        Assert.Equal(RolloutPhase.Permanent, ended.Phase);
        CarelessHost.Kept = null;
        await cluster.Slot("1.0.0", SlotState.Gone);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Keep(EmbeddedSilo silo) => CarelessHost.Kept = silo.Modules.Table.Kind("pulse")!.Slices[0].Definition.Initial(new("pulse", "any"));
}
