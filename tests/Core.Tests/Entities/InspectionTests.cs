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

    [Fact]
    public void Looks_from_another_thread_while_the_entity_moves_to_and_fro_pair_code_with_its_own_state()
    {
        const int Moves = 30_000;
        using var world = new World();
        var lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");
        world.Call("box/a", "lab.add", new Amount(4));
        var activation = world.One.Active("box/a");
        var (moving, looks, wrong) = (true, 0, (Exception?)null);
        var looker = new Thread(Look);
        looker.Start();
        for (var epoch = 2; epoch < Moves && Volatile.Read(ref wrong) is null; epoch++)
        {
            world.One.Tables.Serve(epoch, epoch % 2 == 0 ? lab2 : world.Lab1, world.Safe);
            world.Call("box/a", "lab.get");
        }
        Volatile.Write(ref moving, false);
        looker.Join();

        Assert.Null(wrong);
        Assert.True(looks > 0, "It never saw the entity.");
        Assert.Equal(1, activation.Slices!.Routes[0].Slot.Leases);

        void Look()
        {
            try
            {
                while (Volatile.Read(ref moving))
                {
                    if (EntityInspection.View(activation) is not { } view) continue;
                    Assert.Equal(4, view.Slices[0].State.GetProperty(view.Slices[0].Schema == 2 ? "total" : "count").GetInt32());
                    looks++;
                }
            }
            catch (Exception thrown)
            {
                Volatile.Write(ref wrong, thrown);
            }
        }
    }
}
