using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

public sealed class InspectionTests
{
    [Fact]
    public void A_look_in_the_middle_of_a_move_pairs_no_new_code_with_an_old_state()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(4));
        var activation = world.One.Active("box/a");
        var old = activation.State!;
        world.Serve(2, TestTables.Slot<LabModule2>("lab", "2.0.0"), world.Safe);
        world.Executor.Drain();
        var (moved, table) = (activation.State, activation.Table);
        Assert.IsType<Box2>(moved!.Slices[0]);

        // As a move leaves it for an instant: the new slices are there, the new state is not.
        (activation.State, activation.Table) = (old, null);
        Assert.Null(EntityInspection.View(activation));

        (activation.State, activation.Table) = (moved, table);
        Assert.Equal(4, EntityInspection.View(activation)!.Slices[0].State.GetProperty("total").GetInt32());
        Assert.Equal(1, activation.Slices!.Routes[0].Slot.Leases);
    }
}
