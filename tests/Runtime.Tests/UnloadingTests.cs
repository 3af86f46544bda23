using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime.Slots;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class UnloadingTests
{
    [Fact]
    public async Task Fifty_rounds_of_prepare_activate_retire_leave_no_context_alive()
    {
        await using var silo = new Silo();
        var data = await silo.Publish(Fixtures.Package("counter-balance", "1.0.0"));
        PackageRef[] versions = [await silo.Publish(Fixtures.Package("counter", "1.0.0")), await silo.Publish(Fixtures.Package("counter", "2.0.0"))];
        await silo.Ready(data);
        var (gone, contexts) = (0, new List<WeakReference>());
        silo.Runtime.SlotChanged += status =>
        {
            if (status.State == SlotState.Gone && status.Name == "counter") Interlocked.Increment(ref gone);
        };

        for (var round = 1; round <= 50; round++)
        {
            var version = versions[round % 2];
            await silo.Ready(version, data);
            silo.Runtime.Activate(round, [version, data]);
            contexts.Add(Use(silo.Runtime.Table));
            silo.Runtime.Keep([version, data]);
            if (round > 1) await Until(() => Volatile.Read(ref gone) == round - 1);
        }

        Assert.DoesNotContain(silo.Runtime.Report(), status => status.State is SlotState.Stuck or SlotState.Draining);
        Assert.Equal([.. Enumerable.Repeat(false, 49), true], contexts.Select(context => context.IsAlive));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static WeakReference Use(ModuleTable table)
    {
        var slice = table.Kind("counter")!.Slices[0].Definition;
        var state = slice.Initial(new("counter", "one"));
        Assert.NotNull(slice.Decode(slice.Encode(state)));
        return new WeakReference(AssemblyLoadContext.GetLoadContext(slice.StateType.Type.Assembly), trackResurrection: true);
    }

    static async Task Until(Func<bool> reached)
    {
        for (var look = 0; !reached() && look < 3000; look++) await Task.Delay(5);
        Assert.True(reached());
    }
}
