using System.Runtime.CompilerServices;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime.Slots;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class RetireTests
{
    static readonly ModuleRuntimeOptions Options = Silo.Options with
    {
        DrainDeadline = TimeSpan.FromSeconds(30), EvictGrace = TimeSpan.FromSeconds(5), ProofTries = 2,
        ProofInterval = TimeSpan.FromSeconds(1), StuckInterval = TimeSpan.FromSeconds(10), LongestStuckInterval = TimeSpan.FromSeconds(60),
    };

    readonly FakeTime time = new();
    readonly FakeLoader loader = new();

    [Fact]
    public async Task A_slot_that_nobody_names_is_closed_drained_unloaded_and_gone()
    {
        var (silo, package, slot) = await Ready(Options);
        Assert.True(slot.TryAcquire());

        silo.Runtime.Keep([]);
        silo.Runtime.Keep([]);

        Assert.False(slot.TryAcquire());
        Assert.True(slot.Retiring.IsCancellationRequested || await Cancelled(slot));
        Assert.Equal(SlotState.Draining, Assert.Single(silo.Runtime.Report()).State);
        Assert.Equal(0, loader.Unloads);
        slot.Release();
        Assert.Equal(package.Digest, (await silo.Gone(package)).Digest);
        Assert.Equal(1, loader.Unloads);
        Assert.Null(slot.Definition);
    }

    [Fact]
    public async Task What_the_table_names_or_the_caller_is_kept()
    {
        var (silo, package, slot) = await Ready(Options);
        silo.Runtime.Keep([package]);
        Assert.Equal(SlotState.Ready, slot.State);
        silo.Runtime.Activate(1, [package]);
        silo.Runtime.Keep([]);
        Assert.Equal(SlotState.Serving, slot.State);
    }

    [Fact]
    public async Task Leases_past_the_deadline_are_evicted_and_not_before()
    {
        var (silo, package, slot) = await Ready(Options);
        var holders = new Holders(slot, givesBack: true);
        silo.Runtime.Holders = holders;
        slot.TryAcquire();

        silo.Runtime.Keep([]);
        await time.Pass(TimeSpan.FromSeconds(30));

        await silo.Gone(package);
        Assert.Equal(1, holders.Evictions);
    }

    [Fact]
    public async Task A_lease_that_never_comes_back_makes_the_slot_stuck_and_names_its_holder()
    {
        var (silo, package, slot) = await Ready(Options);
        silo.Runtime.Holders = new Holders(slot, givesBack: false);
        slot.TryAcquire();

        silo.Runtime.Keep([]);
        await time.Pass(TimeSpan.FromSeconds(30));
        await time.Pass(TimeSpan.FromSeconds(5));

        var stuck = await silo.Change(status => status.State == SlotState.Stuck);
        Assert.Equal(["battle/room-17"], stuck.Holders);
        Assert.Equal("slot/not-drained", Assert.Single(stuck.Findings).Code);
        Assert.Equal(0, loader.Unloads);
        slot.Release();
        await silo.Gone(package);
    }

    [Fact]
    public async Task Code_that_survives_makes_the_slot_stuck_and_is_looked_at_again()
    {
        var (silo, package, _) = await Ready(Options);
        Pin();

        silo.Runtime.Keep([]);
        for (var tries = 0; tries < 2; tries++)
        {
            await time.Pass(TimeSpan.FromSeconds(1));
        }

        var stuck = await silo.Change(status => status.State == SlotState.Stuck);
        Assert.Equal("slot/not-collected", Assert.Single(stuck.Findings).Code);
        loader.Pin = null;
        GC.Collect();
        await time.Pass(TimeSpan.FromSeconds(10));
        await silo.Gone(package);
    }

    [Fact]
    public async Task Code_that_survives_for_hours_is_looked_at_ever_more_rarely_and_goes_in_the_end()
    {
        var (silo, package, _) = await Ready(Options);
        Pin();

        silo.Runtime.Keep([]);
        foreach (var seconds in new[] { 1, 1, 10, 20, 40, 60, 60, 60 }) await time.Pass(TimeSpan.FromSeconds(seconds));

        loader.Pin = null;
        GC.Collect();
        await time.Pass(TimeSpan.FromSeconds(60));
        await silo.Gone(package);
    }

    [Fact]
    public async Task A_lease_that_comes_back_days_later_still_ends_the_slot()
    {
        var (silo, package, slot) = await Ready(Options);
        slot.TryAcquire();

        silo.Runtime.Keep([]);
        await time.Pass(TimeSpan.FromSeconds(30));
        await time.Pass(TimeSpan.FromSeconds(5));
        await silo.Change(status => status.State == SlotState.Stuck);
        // Far more often than anybody would look by a clock.
        for (var days = 0; days < 1000; days++) await Settled(TimeSpan.FromDays(1));
        slot.Release();

        await silo.Gone(package);
    }

    [Fact]
    public async Task Work_that_does_not_come_back_from_being_cancelled_does_not_hold_up_the_drain()
    {
        var (silo, package, slot) = await Ready(Options);
        using var spinning = new ManualResetEventSlim();
        await using var work = slot.Retiring.Register(() => spinning.Wait(TimeSpan.FromSeconds(60)));
        var holders = new Holders(slot, givesBack: true);
        silo.Runtime.Holders = holders;
        slot.TryAcquire();

        silo.Runtime.Keep([]);
        await time.Pass(TimeSpan.FromSeconds(30));

        await silo.Gone(package);
        Assert.Equal(1, holders.Evictions);
        spinning.Set();
    }

    [Fact]
    public async Task What_cancelling_met_in_the_end_does_not_hide_why_the_slot_is_stuck()
    {
        var (silo, _, slot) = await Ready(Options);
        using var spinning = new ManualResetEventSlim();
        await using var work = slot.Retiring.Register(() =>
        {
            spinning.Wait(TimeSpan.FromSeconds(60));
            throw new InvalidOperationException("it did not like to be cancelled");
        });
        slot.TryAcquire();

        silo.Runtime.Keep([]);
        await time.Pass(TimeSpan.FromSeconds(30));
        await time.Pass(TimeSpan.FromSeconds(5));
        await silo.Change(status => status.State == SlotState.Stuck);
        spinning.Set();
        await silo.Executor.Idle();

        Assert.Equal("slot/not-drained", Assert.Single(Assert.Single(silo.Runtime.Report()).Findings).Code);
    }

    [Fact]
    public async Task What_cancelling_met_is_told_while_the_slot_drains()
    {
        var (silo, _, slot) = await Ready(Options);
        await using var work = slot.Retiring.Register(() => throw new InvalidOperationException("it did not like to be cancelled"));
        slot.TryAcquire();

        silo.Runtime.Keep([]);
        await silo.Executor.Idle();

        var finding = Assert.Single(Assert.Single(silo.Runtime.Report()).Findings);
        Assert.Equal("slot/cancel-failed", finding.Code);
        Assert.Contains("System.InvalidOperationException", finding.Message);
    }

    [Fact]
    public async Task With_a_debugger_attached_the_proof_is_not_judged()
    {
        var (silo, _, _) = await Ready(Options with { DebuggerAttached = () => true });
        Pin();

        silo.Runtime.Keep([]);
        for (var tries = 0; tries < 2; tries++)
        {
            await time.Pass(TimeSpan.FromSeconds(1));
        }

        var status = await silo.Change(status => status.Findings.Count > 0);
        Assert.Equal((SlotState.Draining, "slot/not-judged"), (status.State, status.Findings[0].Code));
        GC.KeepAlive(loader.Pin);
    }

    [Fact]
    public async Task Prepared_again_while_it_drains_it_gets_a_slot_of_its_own()
    {
        var (silo, package, old) = await Ready(Options);
        old.TryAcquire();
        silo.Runtime.Keep([]);

        var again = await silo.Ready(package);

        Assert.NotSame(old, again);
        Assert.True(again.TryAcquire());
        Assert.Equal([SlotState.Ready, SlotState.Draining], silo.Runtime.Report().Select(status => status.State));
    }

    async Task<(Silo Silo, PackageRef Package, ModuleSlot Slot)> Ready(ModuleRuntimeOptions options)
    {
        var silo = new Silo(options, loader, time, new FakeCollector());
        var package = await silo.Publish(Forge.Counter(manifest => manifest with { DataSets = [] }));
        return (silo, package, await silo.Ready(package));
    }

    // In a frame of its own: a slot on the test's stack would keep it alive as well.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Pin() => loader.Pin = new object();

    // Time passes, and what goes on then has gone on.
    async Task Settled(TimeSpan by)
    {
        time.Advance(by);
        for (var turns = 0; turns < 10; turns++) await Task.Yield();
    }

    static async Task<bool> Cancelled(ModuleSlot slot)
    {
        var cancelled = new TaskCompletionSource();
        await using var registration = slot.Retiring.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        return true;
    }

    sealed class Holders(ModuleSlot slot, bool givesBack) : ISlotHolders
    {
        public int Evictions;

        public IReadOnlyList<string> HoldersOf(ModuleSlot asked, int limit) => asked == slot ? ["battle/room-17"] : [];

        public void Evict(ModuleSlot asked)
        {
            Evictions++;
            if (givesBack) asked.Release();
        }
    }
}
