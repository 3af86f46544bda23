using Evergrain.Contracts.Ops;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;
using Evergrain.Runtime.Slots;
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
        Assert.Equal("{}"u8.ToArray(), table.DataSets["balance"]);
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
    public async Task A_swap_of_a_hundred_kinds_with_a_thousand_operations_copies_references_and_touches_no_operation()
    {
        await using var silo = new Silo(loader: new FakeLoader());
        var packages = new List<PackageRef>();
        for (var i = 0; i < 100; i++) packages.Add(await silo.Publish(Module($"kind{i}", owns: true, operations: 10)));
        var slots = new List<ModuleSlot>();
        foreach (var package in packages) slots.Add(await silo.Ready(package));
        var changed = await silo.Publish(Module("kind7", owns: true, operations: 10, version: "1.0.1"));
        PackageRef[] next = [.. packages.Where(package => package.Name != "kind7"), changed];
        silo.Runtime.Activate(1, packages);
        var before = silo.Runtime.Table;
        await silo.Ready(changed, next);

        silo.Runtime.Activate(2, next);

        var after = silo.Runtime.Table;
        Assert.Equal(1000, after.Kinds.Sum(kind => after.Kind(kind)!.Slices.Sum(slice => slice.Definition.Operations.Count)));
        // What a kind routes by was made when its slot was prepared: each table has that very object, with its operations inside.
        Assert.All(before.Kinds.Where(kind => kind != "kind7"), kind => Assert.Same(before.Kind(kind), after.Kind(kind)));
        Assert.All(slots, slot => Assert.Same(slot.Definition!.Slices[0], before.Kind(slot.Id.Name)!.Slices[0].Definition));
        Assert.NotSame(before.Kind("kind7"), after.Kind("kind7"));
        Assert.Equal("1.0.1", Assert.Single(after.Kind("kind7")!.Slices).Slot.Id.Version);
    }

    static byte[] Module(string name, bool owns, int operations = 1, string version = "1.0.0")
    {
        var counter = Forge.Open(Fixtures.Package("counter", "1.0.0"));
        var manifest = counter.Manifest with
        {
            Name = name, Version = version, DataSets = [], Events = [],
            Slices = [counter.Manifest.Slices[0] with { Kind = owns ? name : "player", Owner = owns ? new KindOptions() : null }],
            Operations = [.. Enumerable.Range(0, operations).Select(i => counter.Manifest.Operations[0] with { Name = $"{name}.run{i}", Kind = owns ? name : "player" })],
        };
        return PackageWriter.Write(manifest, Forge.Files(counter));
    }
}
