using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

public sealed class DataSetTests
{
    readonly string door = Guid.NewGuid().ToString("N");
    readonly ModuleSlot cheap = TestTables.Data("prices", "1.0.0", """{"sword":5}""");
    readonly ModuleSlot dear = TestTables.Data("prices", "1.1.0", """{"sword":50}""");

    [Fact]
    public void A_turn_reads_the_data_that_it_began_with_though_its_slot_was_unloaded()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, cheap, world.Safe);
        var turn = world.Begin("box/a", "lab.price-later", new Text(door));
        world.Executor.Drain();
        world.Serve(3, world.Lab1, dear, world.Safe);
        cheap.Close();
        cheap.Unload();

        Doors.Open(door);
        Assert.Equal(5, world.Number(world.End(turn)));
        Assert.Equal(50, world.Number(world.Call("box/a", "lab.price")));
    }

    [Fact]
    public void An_entity_that_stayed_behind_reads_the_data_of_its_own_version()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, cheap, world.Safe);
        world.Call("box/a", "lab.add", new Amount(13));
        world.Serve(3, TestTables.Slot<LabModule2>("lab", "2.0.0"), dear, world.Safe);
        world.Executor.Drain();

        var reply = world.Call("box/a", "lab.price");
        Assert.Equal((5, "1.0.0"), (world.Number(reply), reply.Module.Version));
    }
}
