using System.Text;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>Boxes of schema 1, 2 and 3, where no version knows the whole way.</summary>
public sealed class MigrationChainTests
{
    readonly ModuleSlot lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");
    readonly ModuleSlot lab3 = TestTables.Slot<LabModule3>("lab", "3.0.0");

    [Fact]
    public void A_stored_box_of_schema_1_comes_up_to_3_on_its_first_turn_through_the_version_between()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        world.One.Tables.KeepAsMigrator(lab2);
        world.Serve(2, lab3, world.Safe);

        Assert.Equal(7, world.Count("box/a"));
        Assert.Equal((0, 0, 1), (world.Lab1.Leases, lab2.Leases, lab3.Leases));
        Assert.Equal(1, world.Store["box/a"]!.Slices[0].Schema);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        Assert.Equal((3, "3.0.0"), (world.Store["box/a"]!.Slices[0].Schema, world.Store["box/a"]!.Slices[0].Version));
    }

    [Fact]
    public void A_stored_box_of_schema_3_goes_down_to_1_through_two_versions_that_do_not_serve()
    {
        using var world = new World();
        world.Serve(2, lab3, world.Safe);
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        world.One.Tables.KeepAsMigrator(lab2);
        world.One.Tables.KeepAsMigrator(lab3);
        world.Serve(3, world.Lab1, world.Safe);

        Assert.Equal(7, world.Count("box/a"));
        Assert.Equal((1, 0, 0), (world.Lab1.Leases, lab2.Leases, lab3.Leases));
    }

    [Fact]
    public void A_live_box_goes_from_1_to_3_and_back_without_ever_being_served_by_2()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.One.Tables.KeepAsMigrator(lab2);
        world.Serve(2, lab3, world.Safe);
        world.Executor.Drain();
        Assert.Equal((0, 0, 1), (world.Lab1.Leases, lab2.Leases, lab3.Leases));
        world.Call("box/a", "lab.add", new Amount(1));

        world.Serve(3, world.Lab1, world.Safe);
        world.Executor.Drain();
        Assert.Equal((1, 0, 0), (world.Lab1.Leases, lab2.Leases, lab3.Leases));
        Assert.Equal(8, world.Count("box/a"));
    }

    [Fact]
    public void A_version_that_has_every_step_asks_no_other()
    {
        using var world = new World();
        world.Call("box/live", "lab.add", new Amount(7));
        world.Call("box/stored", "lab.add", new Amount(8));
        world.One.Entities.Evict(world.Lab1);
        world.Executor.Drain();
        world.Call("box/live", "lab.get");
        var whole = TestTables.Slot<WholeLabModule3>("lab", "3.1.0");
        world.Serve(2, whole, world.Safe);
        Assert.Equal((7, 8), (world.Count("box/live"), world.Count("box/stored")));

        world.Serve(3, world.Lab1, world.Safe);
        Assert.Equal((7, 8), (world.Count("box/live"), world.Count("box/stored")));
        Assert.Equal(0, world.One.Tables.MigratorsAsked);
    }

    [Fact]
    public void A_step_that_nobody_has_is_named_and_the_box_goes_on_where_it_was()
    {
        using var world = new World();
        world.Call("box/live", "lab.add", new Amount(7));
        world.Call("box/stored", "lab.add", new Amount(8));
        world.Advance(50);
        world.Call("box/live", "lab.add", new Amount(1));
        world.Advance(25);
        world.Serve(2, lab3, world.Safe);

        var live = world.Call("box/live", "lab.get");
        Assert.Equal((8, "1.0.0", 2L), (world.Number(live), live.Module.Version, live.Epoch));
        Assert.Contains("from schema 1 to 2, on the way from 1 to 3", Assert.Single(world.One.Entities.HoldersOf(world.Lab1, 10)));
        var stored = world.Call("box/stored", "lab.get");
        Assert.Equal(ErrorCodes.EntityQuarantined, stored.Error!.Code);
        Assert.Contains("from schema 1 to 2", stored.Error.Message);

        world.One.Tables.KeepAsMigrator(lab2);
        world.Serve(3, lab3, TestTables.Slot<SafeModule>("safe", "1.0.1"));
        Assert.Equal((8, 8), (world.Count("box/live"), world.Count("box/stored")));
    }

    [Fact]
    public void A_chain_that_fails_in_the_middle_on_the_way_up_leaves_nothing_half_migrated_and_stops_no_other()
    {
        using var world = new World();
        world.Call("box/live", "lab.add", new Amount(26));
        world.Call("box/stored", "lab.add", new Amount(26));
        world.Call("box/other", "lab.add", new Amount(7));
        world.Advance(50);
        world.Call("box/live", "lab.note", new Text("awake"));
        world.Advance(25);
        var before = world.Store["box/stored"]!.Slices[0].Bytes;
        world.One.Tables.KeepAsMigrator(lab2);
        world.Serve(2, lab3, world.Safe);

        var live = world.Call("box/live", "lab.get");
        Assert.Equal((26, "1.0.0"), (world.Number(live), live.Module.Version));
        Assert.Contains("lab@3.0.0: the step from schema 2 to 3 threw InvalidOperationException: 26 is twice 13", Assert.Single(world.One.Entities.HoldersOf(world.Lab1, 10)));
        Assert.Equal(ErrorCodes.EntityQuarantined, world.Call("box/stored", "lab.get").Error!.Code);
        Assert.Equal(7, world.Count("box/other"));
        world.Advance(2);
        Assert.Equal((1, 1), (world.Store["box/live"]!.Slices[0].Schema, world.Store["box/stored"]!.Slices[0].Schema));
        Assert.Same(before, world.Store["box/stored"]!.Slices[0].Bytes);
        Assert.Equal((1, 0, 1), (world.Lab1.Leases, lab2.Leases, lab3.Leases));

        world.Serve(3, world.Lab1, world.Safe);
        Assert.Equal((26, 26, 7), (world.Count("box/live"), world.Count("box/stored"), world.Count("box/other")));
    }

    [Fact]
    public void A_chain_that_fails_in_the_middle_on_the_way_down_leaves_nothing_half_migrated_and_stops_no_other()
    {
        using var world = new World();
        world.Serve(2, lab3, world.Safe);
        world.Call("box/live", "lab.add", new Amount(13));
        world.Call("box/other", "lab.add", new Amount(7));
        world.Advance(1);
        world.One.Tables.KeepAsMigrator(lab2);
        world.One.Tables.KeepAsMigrator(lab3);
        world.Serve(3, world.Lab1, world.Safe);
        world.Executor.Drain();

        var live = world.Call("box/live", "lab.get");
        Assert.Equal((13, "3.0.0", 3L), (world.Number(live), live.Module.Version, live.Epoch));
        Assert.Contains("lab@2.0.0: the step from schema 2 to 1 threw InvalidOperationException: 13 stays", Assert.Single(world.One.Entities.HoldersOf(lab3, 10)));
        Assert.Equal(("1.0.0", 7), (world.Call("box/other", "lab.get").Module.Version, world.Count("box/other")));

        world.One.Entities.Evict(lab3);
        world.Executor.Drain();
        Assert.Equal(ErrorCodes.EntityQuarantined, world.Call("box/live", "lab.get").Error!.Code);
        Assert.Equal((3, """{"sum":13,"log":[]}"""), (world.Store["box/live"]!.Slices[0].Schema, Encoding.UTF8.GetString(world.Store["box/live"]!.Slices[0].Bytes)));
        Assert.Equal((0, 0), (lab2.Leases, lab3.Leases));
        world.Serve(4, lab3, world.Safe);
        Assert.Equal(13, world.Count("box/live"));
    }

    [Fact]
    public void Fields_that_no_step_knows_go_up_and_down_with_the_state()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        var record = world.Store["box/a"]!;
        var richer = record.Slices[0] with { Bytes = """{"glow":{"hue":3},"count":7,"log":[],"total":"of another kind","$id":"1"}"""u8.ToArray() };
        Assert.False(world.Store.Write([new EntityWrite(record with { Slices = [richer] }, record.Etag)]).AsTask().Result[0].Conflict);
        world.One.Tables.KeepAsMigrator(lab2);
        world.Serve(2, lab3, world.Safe);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        Assert.Equal("""{"sum":8,"log":[],"glow":{"hue":3}}""", Encoding.UTF8.GetString(world.Store["box/a"]!.Slices[0].Bytes));

        world.Serve(3, world.Lab1, world.Safe);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        Assert.Equal("""{"count":9,"log":[],"glow":{"hue":3}}""", Encoding.UTF8.GetString(world.Store["box/a"]!.Slices[0].Bytes));
    }

    [Fact]
    public void A_slice_whose_module_went_comes_up_from_its_kept_bytes_when_the_module_comes_back_at_a_higher_schema()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, TestTables.Slot<ExtraModule>("extra", "1.0.0"), world.Safe);
        world.Call("box/live", "extra.mark");
        world.Call("box/stored", "extra.mark");
        world.Serve(3, world.Lab1, world.Safe);
        world.Call("box/live", "lab.add", new Amount(1));
        world.Call("box/stored", "lab.add", new Amount(1));
        world.Advance(50);
        world.Call("box/live", "lab.add", new Amount(1));
        world.Advance(25);
        Assert.Equal((true, false), (world.One.IsActive("box/live"), world.One.IsActive("box/stored")));

        world.Serve(4, world.Lab1, TestTables.Slot<ExtraModule2>("extra", "2.0.0"), world.Safe);
        Assert.Equal((2, 2), (world.Number(world.Call("box/live", "extra.mark")), world.Number(world.Call("box/stored", "extra.mark"))));
        Assert.Equal((2, 1), (world.Count("box/live"), world.Count("box/stored")));
    }
}
