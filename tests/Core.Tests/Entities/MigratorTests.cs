using Evergrain.Contracts;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.Runtime.Slots;

namespace Evergrain.Core.Tests.Entities;

/// <summary>The version that wrote an entity in a newer schema cannot be had.</summary>
public sealed class MigratorTests
{
    readonly ModuleSlot lab2 = TestTables.Slot<LabModule2>("lab", "2.0.0");

    [Fact]
    public void A_migrator_that_cannot_be_loaded_is_a_quarantine_that_is_tried_once_a_table()
    {
        using var world = new World();
        Leave(world);
        world.One.Tables.MigratorsThrow = new FindingsException(ErrorCodes.BadPackage, "lab@2.0.0 was signed by nobody.", "Publish it again.", [new Finding("package/signature", "lab@2.0.0", "It was signed by nobody.", "Sign it.")]);
        world.Serve(3, world.Lab1, world.Safe);

        var replies = Enumerable.Range(0, 3).Select(_ => world.Call("box/a", "lab.get")).ToArray();
        Assert.All(replies, reply => Assert.Equal((ErrorCodes.EntityQuarantined, Ran.No), (reply.Error!.Code, reply.Error.Ran)));
        Assert.Contains("signed by nobody", replies[0].Error!.Message);
        Assert.Equal((1, 0L), (world.One.Tables.MigratorsAsked, world.Lab1.Leases));

        world.One.Tables.MigratorsThrow = null;
        world.Serve(4, world.Lab1, world.Safe);
        Assert.Equal(7, world.Count("box/a"));
    }

    [Fact]
    public void A_migrator_that_cannot_be_loaded_now_is_the_stores_absence_and_no_quarantine()
    {
        using var world = new World();
        Leave(world);
        world.Serve(3, world.Lab1, world.Safe);
        Exception[] passing =
        [
            new FindingsException(ErrorCodes.BadPackage, "It could not be prepared.", "Try again.", [new Finding("silo/prepare-failed", "lab@2.0.0", "The package store is away.", "Try again.")]),
            new FindingsException(ErrorCodes.Internal, "It went away 8 times.", "Try again."),
            new OperationCanceledException("The module runtime was disposed."),
        ];
        foreach (var thrown in passing)
        {
            world.One.Tables.MigratorsThrow = thrown;
            var reply = world.Call("box/a", "lab.get");
            Assert.Equal((ErrorCodes.StoreUnavailable, Ran.No), (reply.Error!.Code, reply.Error.Ran));
            Assert.Equal(0, world.Lab1.Leases);
        }

        world.One.Tables.MigratorsThrow = null;
        Assert.Equal(7, world.Count("box/a"));
    }

    // A box of schema 2 is in the store, and the version that wrote it can be had.
    void Leave(World world)
    {
        world.Serve(2, lab2, world.Safe);
        world.Call("box/a", "lab.add", new Amount(7));
        world.Advance(75);
        world.One.Tables.KeepAsMigrator(lab2);
    }
}
