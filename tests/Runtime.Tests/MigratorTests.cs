using Evergrain.Contracts.Ops;
using Evergrain.Runtime.Slots;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class MigratorTests
{
    static readonly ModuleRuntimeOptions Options = Silo.Options;

    readonly FakeTime time = new();
    readonly FakeLoader loader = new();

    [Fact]
    public async Task A_migrator_comes_with_a_lease_and_goes_when_it_was_not_used_for_a_while()
    {
        var (silo, package, slot) = await Ready(Options with { MigratorLinger = TimeSpan.FromSeconds(60) });
        silo.Runtime.Keep([]);
        await silo.Gone(package);

        var migrator = await silo.Runtime.Migrator(package, default);
        Assert.NotSame(slot, migrator);
        Assert.Equal(1, migrator.Leases);
        silo.Runtime.Keep([]);
        Assert.Equal(SlotState.Ready, migrator.State);
        Assert.Same(migrator, await silo.Runtime.Migrator(package, default));
        migrator.Release();
        await time.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(SlotState.Ready, migrator.State);
        migrator.Release();
        await time.Pass(TimeSpan.FromSeconds(60));

        await silo.Change(status => status.State == SlotState.Gone && loader.Unloads == 2);
    }

    // 0 s lent and watched; 0.4 ms lent again; 60 s a look, 0.4 ms too early; a millisecond later it goes. Less than one is no delay: the look would spin.
    [Fact]
    public async Task A_migrator_that_is_looked_at_a_fraction_of_a_millisecond_early_is_waited_for()
    {
        var (linger, fraction) = (TimeSpan.FromSeconds(60), TimeSpan.FromMilliseconds(0.4));
        var (silo, package, _) = await Ready(Options with { MigratorLinger = linger });
        silo.Runtime.Keep([]);
        await silo.Gone(package);
        var migrator = await silo.Runtime.Migrator(package, default);
        await time.HasTimer(linger);
        time.Advance(fraction);
        Assert.Same(migrator, await silo.Runtime.Migrator(package, default));
        migrator.Release();
        migrator.Release();

        await time.Pass(linger - fraction);
        await time.Pass(TimeSpan.FromMilliseconds(1));

        await silo.Change(status => status.State == SlotState.Gone && loader.Unloads == 2);
    }

    [Fact]
    public async Task A_migrator_that_a_release_takes_over_stays()
    {
        var (silo, package, _) = await Ready(Options);
        silo.Runtime.Keep([]);
        await silo.Gone(package);
        var migrator = await silo.Runtime.Migrator(package, default);
        migrator.Release();

        Assert.Same(migrator, await silo.Ready(package));
        silo.Runtime.Activate(1, [package]);
        await time.Pass(Options.MigratorLinger);

        Assert.Equal(SlotState.Serving, migrator.State);
        Assert.True(migrator.TryAcquire());
    }

    async Task<(Silo Silo, PackageRef Package, ModuleSlot Slot)> Ready(ModuleRuntimeOptions options)
    {
        var silo = new Silo(options, loader, time, new FakeCollector());
        var package = await silo.Publish(Forge.Counter(manifest => manifest with { DataSets = [] }));
        return (silo, package, await silo.Ready(package));
    }
}
