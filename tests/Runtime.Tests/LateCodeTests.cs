using System.Runtime.CompilerServices;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

/// <summary>Code that comes when nobody waits for it any more.</summary>
public sealed class LateCodeTests
{
    readonly FakeTime time = new();
    readonly FakeLoader loader = new();

    // 0 s a load begins, and who asked gives up; then the code comes: it is unloaded, yet held; 2 s it is said to be; 12 s, let go, it is gone.
    [Fact]
    public async Task Code_whose_preparation_was_given_up_is_unloaded_and_what_holds_it_is_told()
    {
        loader.Door.Reset();
        Pin();
        await using var silo = new Silo(Silo.Options with { ProofTries = 2, ProofInterval = TimeSpan.FromSeconds(1), StuckInterval = TimeSpan.FromSeconds(10) }, loader, time, new FakeCollector());
        var package = await silo.Publish(Forge.Counter(manifest => manifest with { DataSets = [] }));
        using var patience = new CancellationTokenSource();

        var preparing = silo.Runtime.Prepare(package, [package], patience.Token);
        await loader.Loading.Task;
        patience.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => preparing);
        await silo.Shows(SlotState.Draining);
        loader.Door.Set();
        await loader.Unloaded.Task;
        await time.Pass(TimeSpan.FromSeconds(1));
        await time.Pass(TimeSpan.FromSeconds(1));

        var stuck = await silo.Change(status => status.State == SlotState.Stuck);
        Assert.Equal("slot/not-collected", Assert.Single(stuck.Findings).Code);
        Assert.Equal(package.Digest, Assert.Single(silo.Runtime.Report()).Digest);
        loader.Pin = null;
        GC.Collect();
        await time.Pass(TimeSpan.FromSeconds(10));
        await silo.Gone(package);
        Assert.Equal((1, 1), (loader.Loads, loader.Unloads));
    }

    // In a frame of its own: the test's stack would keep it alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Pin() => loader.Pin = new object();
}
