using System.Runtime.CompilerServices;
using Evergrain.Contracts.Ops;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class LeakTests
{
    /// <summary>What a careless host does: it keeps something of a module beyond the module's life.</summary>
    sealed class CarelessCache
    {
        public static readonly Dictionary<string, object> Kept = [];
        public object? Nested { get; init; }
    }

    [Theory]
    [InlineData("delegate")]
    [InlineData("state")]
    [InlineData("type")]
    public async Task The_report_of_a_leak_names_the_static_field_that_holds_it_and_ends_when_it_lets_go(string what)
    {
        await using var silo = new Silo();
        var balance = await silo.Publish(Fixtures.Package("counter-balance", "1.0.0"));
        var counter = await silo.Publish(Fixtures.Package("counter", "1.0.0"));
        await silo.Ready(balance);
        await Leak(silo, counter, balance, what);

        silo.Runtime.Keep([balance]);
        var stuck = await silo.Change(status => status is { State: SlotState.Stuck, Name: "counter" });

        Assert.Contains(stuck.Holders, holder => holder.StartsWith($"{typeof(CarelessCache).FullName}.Kept", StringComparison.Ordinal)
            && holder.Contains("Nested", StringComparison.Ordinal) && holder.Contains("Counter.Counter", StringComparison.Ordinal));
        Assert.Contains("CarelessCache.Kept", Assert.Single(stuck.Findings).Message, StringComparison.Ordinal);
        CarelessCache.Kept.Remove(what);
        await silo.Gone(counter);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static async Task Leak(Silo silo, PackageRef counter, PackageRef balance, string what)
    {
        var slot = await silo.Ready(counter, balance);
        Pin(slot, what);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Pin(Slots.ModuleSlot slot, string what)
    {
        var slice = slot.Definition!.Slices[0];
        CarelessCache.Kept[what] = new CarelessCache
        {
            Nested = what switch
            {
                "delegate" => slice.Operations["counter.add"].Handler,
                "state" => slice.Initial(new("counter", "one")),
                _ => slice.StateType.Type,
            },
        };
    }
}
