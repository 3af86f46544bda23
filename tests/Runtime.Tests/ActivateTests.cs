using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Tests.Support;

namespace Evergrain.Runtime.Tests;

public sealed class ActivateTests
{
    [Fact]
    public async Task A_table_has_the_owner_first_and_the_others_by_name()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var owner = await silo.Publish(Module("player", owns: true));
        var (quest, guild) = (await silo.Publish(Module("quest", owns: false)), await silo.Publish(Module("guild", owns: false)));
        var balance = await silo.Publish(Forge.Data("balance", "1.0.0", "{}"));
        PackageRef[] release = [quest, owner, balance, guild];
        foreach (var package in release) await silo.Ready(package, release.Except([package]).ToArray());

        silo.Runtime.Activate(7, release);

        var table = silo.Runtime.Table;
        Assert.Equal(7, table.Epoch);
        Assert.Equal(["player", "guild", "quest"], table.Kind("player")!.Slices.Select(slice => slice.Module));
        Assert.Equal("{}"u8.ToArray(), table.DataSet("balance")!.Data);
        Assert.Null(table.Kind("nobody"));
        Assert.All(silo.Runtime.Report(), status => Assert.Equal(SlotState.Serving, status.State));
    }

    [Fact]
    public async Task The_same_release_again_changes_nothing_and_a_lower_epoch_is_refused()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var player = await silo.Publish(Module("player", owns: true));
        var room = await silo.Publish(Module("room", owns: true));
        await silo.Ready(player);
        silo.Runtime.Activate(5, [player]);
        var table = silo.Runtime.Table;

        silo.Runtime.Activate(5, [player]);

        Assert.Same(table, silo.Runtime.Table);
        Assert.Throws<InvalidOperationException>(() => silo.Runtime.Activate(4, [player]));
        await silo.Ready(room);
        Assert.Throws<InvalidOperationException>(() => silo.Runtime.Activate(5, [room]));
        Assert.Same(table, silo.Runtime.Table);
    }

    [Fact]
    public async Task A_release_with_an_unprepared_package_is_refused_whole()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var (player, room) = (await silo.Publish(Module("player", owns: true)), await silo.Publish(Module("room", owns: true)));
        await silo.Ready(player);

        Assert.Throws<InvalidOperationException>(() => silo.Runtime.Activate(1, [player, room]));
        Assert.Equal(0, silo.Runtime.Table.Epoch);
        Assert.Equal(SlotState.Ready, Assert.Single(silo.Runtime.Report()).State);
    }

    [Fact]
    public async Task A_hundred_kinds_with_a_thousand_operations_are_swapped_within_the_bound()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var packages = new List<PackageRef>();
        for (var i = 0; i < 100; i++) packages.Add(await silo.Publish(Module($"kind{i}", owns: true, operations: 10)));
        foreach (var package in packages) await silo.Ready(package);
        var took = new List<double>();

        for (var epoch = 1; epoch <= 101; epoch++)
        {
            var started = TimeProvider.System.GetTimestamp();
            silo.Runtime.Activate(epoch, packages);
            took.Add(TimeProvider.System.GetElapsedTime(started).TotalMicroseconds);
        }

        Assert.Equal(100, silo.Runtime.Table.Kinds.Count);
        took.Sort();
        // The promise is 100 µs of optimised code; what tests run is not, on cores that others use.
        Assert.InRange(took[50], 0, 500);
    }

    static byte[] Module(string name, bool owns, int operations = 1)
    {
        var counter = Forge.Open(Fixtures.Package("counter", "1.0.0"));
        var manifest = counter.Manifest with
        {
            Name = name, Version = "1.0.0", DataSets = [], Events = [],
            Slices = [counter.Manifest.Slices[0] with { Kind = owns ? name : "player", Owner = owns ? new KindOptions() : null }],
            Operations = [.. Enumerable.Range(0, operations).Select(i => counter.Manifest.Operations[0] with { Name = $"{name}.run{i}", Kind = owns ? name : "player" })],
        };
        return PackageWriter.Write(manifest, Forge.Files(counter));
    }
}
