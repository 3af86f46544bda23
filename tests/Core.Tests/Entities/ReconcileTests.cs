using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

public sealed class ReconcileTests
{
    readonly string door = Guid.NewGuid().ToString("N");
    readonly ModuleSlot lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");
    readonly ModuleSlot extra = TestTables.Slot<ExtraModule>("extra", "1.0.0");

    [Fact]
    public void A_live_entity_goes_up_and_down_again_with_its_state_and_leases_are_exact()
    {
        using var world = new World();
        for (var i = 0; i < 5; i++) world.Call($"box/{i}", "lab.add", new Amount(i));
        Assert.Equal(5, world.Lab1.Leases);

        world.Serve(2, lab2, world.Safe);
        world.Executor.Drain();
        Assert.Equal((0, 5), (world.Lab1.Leases, lab2.Leases));
        var reply = world.Call("box/3", "lab.add", new Amount(1));
        Assert.Equal((4, "2.0.0", 2L), (world.Number(reply), reply.Module.Version, reply.Epoch));

        world.Serve(3, world.Lab1, world.Safe);
        world.Executor.Drain();
        Assert.Equal((5, 0), (world.Lab1.Leases, lab2.Leases));
        Assert.Equal(4, world.Count("box/3"));
        world.Advance(70);
        Assert.Equal(0, world.Lab1.Leases);
        Assert.Equal(3, world.Store["box/3"]!.Epoch);
    }

    [Fact]
    public void A_turn_sees_one_version_from_beginning_to_end()
    {
        using var world = new World();
        var turn = world.Begin("box/a", "lab.wait", new Text(door));
        world.Executor.Drain();
        world.Serve(2, lab2, world.Safe);
        var next = world.Begin("box/a", "lab.get", Evergrain.ModuleSdk.Nothing.Value);
        world.Executor.Drain();
        Assert.Equal(1, world.Lab1.Leases);

        Doors.Open(door);
        var (old, fresh) = (world.End(turn), world.End(next));
        Assert.Equal(("1.0.0", 1L), (old.Module.Version, old.Epoch));
        Assert.Equal(("2.0.0", 2L), (fresh.Module.Version, fresh.Epoch));
        Assert.Equal(0, world.Lab1.Leases);
    }

    [Fact]
    public void A_stored_older_schema_comes_up_on_the_first_turn()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        world.Serve(2, lab2, world.Safe);

        Assert.Equal(7, world.Count("box/a"));
        Assert.Equal(1, world.Store["box/a"]!.Slices[0].Schema);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        Assert.Equal((2, "2.0.0", 2L), (world.Store["box/a"]!.Slices[0].Schema, world.Store["box/a"]!.Slices[0].Version, world.Store["box/a"]!.Slices[0].Epoch));
    }

    [Fact]
    public void A_stored_newer_schema_comes_down_by_the_version_that_wrote_it()
    {
        using var world = new World();
        world.Serve(2, lab2, world.Safe);
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        world.One.Tables.KeepAsMigrator(lab2);
        world.Serve(3, world.Lab1, world.Safe);

        Assert.Equal(7, world.Count("box/a"));
        Assert.Equal((1, 0), (world.Lab1.Leases, lab2.Leases));
    }

    [Fact]
    public void Without_a_migrator_a_stored_newer_schema_is_quarantined_until_a_table_can_read_it()
    {
        using var world = new World();
        world.Serve(2, lab2, world.Safe);
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        var bytes = world.Store["box/a"]!.Slices[0].Bytes;
        world.Serve(3, world.Lab1, world.Safe);

        var reply = world.Call("box/a", "lab.get");
        Assert.Equal((ErrorCodes.EntityQuarantined, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.Same(bytes, world.Store["box/a"]!.Slices[0].Bytes);
        Assert.Equal((0, 0), (world.Lab1.Leases, lab2.Leases));

        world.Serve(4, lab2, world.Safe);
        Assert.Equal(7, world.Count("box/a"));
    }

    [Fact]
    public void A_migrator_that_cannot_be_fetched_now_is_no_quarantine()
    {
        using var world = new World();
        world.Serve(2, lab2, world.Safe);
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        world.One.Tables.KeepAsMigrator(lab2);
        world.One.Tables.MigratorsFail = true;
        world.Serve(3, world.Lab1, world.Safe);

        Assert.Equal((ErrorCodes.StoreUnavailable, Ran.No), (world.Call("box/a", "lab.get").Error!.Code, Ran.No));
        Assert.Equal(0, world.Lab1.Leases);
        world.One.Tables.MigratorsFail = false;
        Assert.Equal(7, world.Count("box/a"));
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_entity_on_its_slot_at_the_new_epoch_and_is_tried_once()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(13));
        world.Serve(2, lab2, world.Safe);
        world.Executor.Drain();

        var reply = world.Call("box/a", "lab.get");
        Assert.Equal((13, "1.0.0", 2L), (world.Number(reply), reply.Module.Version, reply.Epoch));
        Assert.Equal((1, 0), (world.Lab1.Leases, lab2.Leases));
        Assert.Contains("13 brings no luck", Assert.Single(world.One.Entities.HoldersOf(world.Lab1, 10)));
        world.Call("box/a", "lab.add", new Amount(1));
        Assert.Equal("1.0.0", world.Call("box/a", "lab.get").Module.Version);

        world.Serve(3, lab2, world.Safe);
        Assert.Equal("2.0.0", world.Call("box/a", "lab.get").Module.Version);
        Assert.Equal((0, 1), (world.Lab1.Leases, lab2.Leases));
        world.Advance(1);
        Assert.Equal(3, world.Store["box/a"]!.Epoch);
    }

    [Fact]
    public void What_comes_after_an_entity_that_stayed_behind_and_was_destroyed_begins_with_what_serves()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(13));
        world.Serve(2, lab2, world.Safe);
        world.Executor.Drain();
        Assert.Equal("1.0.0", world.Call("box/a", "lab.destroy", new Text("bye")).Module.Version);

        var reply = world.Call("box/a", "lab.get");
        Assert.Equal((0, "2.0.0", 2L), (world.Number(reply), reply.Module.Version, reply.Epoch));
        Assert.Equal((0, 1), (world.Lab1.Leases, lab2.Leases));
    }

    [Fact]
    public void Several_slices_move_all_or_none()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, extra, world.Safe);
        world.Call("box/a", "lab.add", new Amount(13));
        world.Call("box/a", "extra.mark");
        var extra2 = TestTables.Slot<ExtraModule>("extra", "1.1.0");
        world.Serve(3, lab2, extra2, world.Safe);
        world.Executor.Drain();

        Assert.Equal("1.0.0", world.Call("box/a", "extra.mark").Module.Version);
        Assert.Equal((1, 1, 0, 0), (world.Lab1.Leases, extra.Leases, lab2.Leases, extra2.Leases));
        world.Call("box/a", "lab.add", new Amount(1));
        world.Serve(4, lab2, extra2, world.Safe);
        Assert.Equal(3, world.Number(world.Call("box/a", "extra.mark")));
        Assert.Equal((0, 0, 1, 1), (world.Lab1.Leases, extra.Leases, lab2.Leases, extra2.Leases));
    }

    [Fact]
    public void A_module_that_goes_leaves_its_bytes_and_finds_them_when_it_comes_back()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, extra, world.Safe);
        world.Call("box/a", "extra.mark");
        world.Call("box/a", "extra.mark");
        world.Serve(3, world.Lab1, world.Safe);
        Assert.Equal(ErrorCodes.UnknownOperation, world.Call("box/a", "extra.mark").Error!.Code);
        world.Call("box/a", "lab.add", new Amount(1));
        Assert.Equal(0, extra.Leases);
        world.Advance(75);
        Assert.Equal(["extra", "lab"], world.Store["box/a"]!.Slices.Select(slice => slice.Module).Order());
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);

        world.Serve(4, world.Lab1, extra, world.Safe);
        Assert.Equal(3, world.Number(world.Call("box/a", "extra.mark")));
        Assert.Equal(2, world.Count("box/a"));
    }

    [Fact]
    public void Fields_that_the_code_does_not_know_survive_turns_and_an_undo()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        var record = world.Store["box/a"]!;
        var richer = record.Slices[0] with { Bytes = """{"count":7,"log":[],"glow":{"hue":3}}"""u8.ToArray() };
        Assert.False(world.Store.Write([new EntityWrite(record with { Slices = [richer] }, record.Etag)]).AsTask().Result[0].Conflict);

        world.Call("box/a", "lab.add", new Amount(1));
        world.Serve(2, TestTables.Slot<LabModule>("lab", "1.1.0"), world.Safe);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);

        var json = JsonDocument.Parse(world.Store["box/a"]!.Slices[0].Bytes).RootElement;
        Assert.Equal((9, 3), (json.GetProperty("count").GetInt32(), json.GetProperty("glow").GetProperty("hue").GetInt32()));
    }

    [Fact]
    public void Bytes_that_no_turn_changed_are_written_again_as_they_are_with_who_wrote_them()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, extra, world.Safe);
        world.Call("box/a", "extra.mark");
        world.Advance(75);
        var before = world.Store["box/a"]!.Slices.Single(slice => slice.Module == "extra");
        world.Serve(3, world.Lab1, TestTables.Slot<ExtraModule>("extra", "1.1.0"), world.Safe);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);

        Assert.Same(before, world.Store["box/a"]!.Slices.Single(slice => slice.Module == "extra"));
        Assert.Equal(3, world.Store["box/a"]!.Slices.Single(slice => slice.Module == "lab").Epoch);
    }

    [Fact]
    public void At_the_drain_deadline_the_entity_leaves_with_its_bytes_and_the_slot_is_free()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(13));
        world.Serve(2, lab2, world.Safe);
        world.Executor.Drain();
        world.One.Entities.Evict(world.Lab1);
        world.Executor.Drain();

        Assert.Equal(0, world.Lab1.Leases);
        var bytes = Encoding.UTF8.GetString(world.Store["box/a"]!.Slices[0].Bytes);
        Assert.Contains("13", bytes);
        Assert.Equal(ErrorCodes.EntityQuarantined, world.Call("box/a", "lab.get").Error!.Code);
        Assert.Equal(bytes, Encoding.UTF8.GetString(world.Store["box/a"]!.Slices[0].Bytes));
        world.Serve(3, world.Lab1, world.Safe);
        Assert.Equal(13, world.Count("box/a"));
    }

    [Fact]
    public void An_entity_that_cannot_be_written_when_it_is_to_leave_does_so_once_it_can()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(13));
        world.Serve(2, lab2, world.Safe);
        world.Store.WritesFail = true;
        world.One.Entities.Evict(world.Lab1);
        world.Advance(3);
        Assert.Equal(1, world.Lab1.Leases);
        Assert.Equal(13, world.Count("box/a"));

        world.Store.WritesFail = false;
        world.Advance(1);
        Assert.Equal(0, world.Lab1.Leases);
    }

    [Fact]
    public void A_kind_that_no_module_owns_any_more_leaves_memory_and_comes_back()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(7));
        world.Serve(2, world.Safe);
        world.Executor.Drain();
        Assert.Equal(0, world.Lab1.Leases);
        Assert.Equal(ErrorCodes.UnknownKind, world.Call("box/a", "lab.get").Error!.Code);

        world.Serve(3, world.Lab1, world.Safe);
        Assert.Equal(7, world.Count("box/a"));
    }
}
