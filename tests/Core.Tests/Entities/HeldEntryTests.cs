using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>Scheduled entries and sends that one version made and another cannot run.</summary>
public sealed class HeldEntryTests
{
    readonly ModuleSlot lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");

    [Fact]
    public void An_entry_whose_operation_is_gone_waits_for_a_version_that_has_it()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.give", 5, Frames: 20));
        world.Call("box/a", "lab.plan", new Plan("lab.add", 1, Frames: 20));
        world.Serve(2, lab2, world.Safe);
        world.Advance(3);

        Assert.Equal(1, world.Count("box/a"));
        var held = Assert.Single(View(world).Schedule);
        Assert.Equal(("lab.give", true), (held.Operation, held.Held!.Contains("has no operation lab.give", StringComparison.Ordinal)));
        Assert.Single(world.Written.Lines, line => line.Contains("lab.give") && line.Contains("is kept", StringComparison.Ordinal));

        world.Serve(3, world.Lab1, world.Safe);
        world.Executor.Drain();
        world.Advance(0.1);
        Assert.Equal(6, world.Count("box/a"));
        Assert.Empty(View(world).Schedule);
    }

    [Fact]
    public void An_entry_whose_arguments_cannot_be_read_waits_too_and_one_that_repeats_catches_up()
    {
        using var world = new World();
        world.Serve(2, TestTables.Slot<WordyLabModule>("lab", "1.5.0"), world.Safe);
        world.Call("box/a", "lab.plan", new Text("twenty"));
        world.Serve(3, world.Lab1, world.Safe);
        world.Advance(4);
        Assert.Equal(0, world.Count("box/a"));
        Assert.NotNull(Assert.Single(View(world).Schedule).Held);

        world.Serve(4, TestTables.Slot<WordyLabModule>("lab", "1.6.0"), world.Safe);
        world.Executor.Drain();
        world.Advance(0.1);
        Assert.Equal(24, world.Count("box/a")); // frames 20, 40, 60 and 80: nothing was left out
        world.Advance(1);
        Assert.Equal(30, world.Count("box/a"));
        Assert.Null(Assert.Single(View(world).Schedule).Held);
    }

    [Fact]
    public void A_held_entry_outlives_its_silo_and_is_tried_where_the_entity_wakes()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.give", 5, Frames: 20));
        world.Serve(2, lab2, world.Safe);
        world.Advance(3);
        world.Add("two");
        world.Silos[1].Tables.KeepAsMigrator(lab2);
        world.Silos[1].Tables.Serve(3, world.Lab1, world.Safe);
        world.One.Kill();
        world.WakeUp();
        world.Advance(1);

        Assert.Equal(5, world.Count("box/a"));
    }

    [Fact]
    public void An_entry_that_fails_by_itself_is_not_held()
    {
        using var world = new World();
        world.Call("box/a", "lab.plan", new Plan("lab.add", -5, Frames: 1));
        world.Advance(1);
        Assert.Empty(View(world).Schedule);
    }

    [Fact]
    public void A_send_whose_operation_is_gone_stays_in_the_outbox_until_a_version_takes_it()
    {
        using var world = new World();
        world.Call("box/b", "lab.add", new Amount(1));
        world.Serve(2, lab2, world.Safe);
        world.Call("vault/a", "safe.add", new Amount(10));
        world.Call("vault/a", "safe.send", new Ask("box/b", "lab.give", 4));
        world.Advance(60);
        Assert.Equal(1, world.Count("box/b"));
        var send = Assert.Single(EntityInspection.View(world.One.Active("vault/a"))!.Outbox);
        Assert.Contains("unknown-operation", send.LastError);

        world.Serve(3, world.Lab1, world.Safe);
        world.Advance(40);
        Assert.Equal((5, 6), (world.Count("box/b"), world.Count("vault/a")));
        Assert.Empty(EntityInspection.View(world.One.Active("vault/a"))!.Outbox);
    }

    static Evergrain.Contracts.Ops.EntityView View(World world) => EntityInspection.View(world.One.Active("box/a"))!;
}
