using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities;

public sealed class LifeTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    static World WithRites()
    {
        var world = new World();
        world.Serve(2, world.Lab1, world.Safe, TestTables.Slot<RiteModule>("rite", "1.0.0"), TestTables.Slot<BirthModule>("birth", "1.0.0"));
        return world;
    }

    [Fact]
    public void A_kind_that_requires_creation_refuses_calls_until_it_was_created()
    {
        using var world = WithRites();
        Assert.Equal((ErrorCodes.NoSuchEntity, Ran.No), (world.Call("shrine/s", "rite.log").Error!.Code, Ran.No));
        world.Call("box/a", "lab.create", new Text("shrine/s"));
        world.Call("box/a", "lab.create", new Text("shrine/s"));
        world.Executor.Drain();

        Assert.Equal("created activated", world.Log("shrine/s", "rite"));
        Assert.True(world.Store["shrine/s"]!.Created);
        world.Advance(75);
        Assert.False(world.One.IsActive("shrine/s"));
        Assert.Equal("created activated deactivating activated", world.Log("shrine/s", "rite"));
    }

    [Fact]
    public void The_first_call_makes_the_entity_as_part_of_its_own_turn()
    {
        using var world = WithRites();
        Assert.Equal(ErrorCodes.Rejected, world.Call("child/tim", "birth.add", new Amount(-1)).Error!.Code);
        world.Advance(2);
        Assert.Equal("", world.Log("box/registry"));

        Assert.Equal(1, world.Number(world.Call("child/tim", "birth.add", new Amount(1))));
        Assert.Equal(2, world.Number(world.Call("child/tim", "birth.add", new Amount(1))));
        world.Advance(2);
        Assert.Equal("tim", world.Log("box/registry"));
    }

    [Fact]
    public void An_entity_that_is_destroyed_ends_with_all_that_it_owns_and_its_record_goes()
    {
        using var world = WithRites();
        foreach (var key in new[] { "owner", "child", "other" }) world.Call("box/a", "lab.create", new Text($"shrine/{key}"));
        world.Executor.Drain();
        world.Call("shrine/child", "rite.join", new Text("shrine/owner"));
        world.Executor.Drain();
        Assert.True(world.Call("shrine/owner", "rite.end", new Text("")).Ok);
        world.Advance(2);

        Assert.Equal(ErrorCodes.NoSuchEntity, world.Call("shrine/owner", "rite.log").Error!.Code);
        Assert.Equal(ErrorCodes.NoSuchEntity, world.Call("shrine/child", "rite.log").Error!.Code);
        Assert.True(world.Call("shrine/other", "rite.log").Ok);
        Assert.Equal("owner child", world.Log("box/graveyard"));
        world.Advance(200);
        Assert.Null(world.Store["shrine/owner"]);
        Assert.Null(world.Store["shrine/child"]);
    }

    [Fact]
    public void An_owner_forgets_what_was_destroyed_or_has_another_owner()
    {
        using var world = WithRites();
        foreach (var key in new[] { "x", "y" }) world.Call("box/a", "lab.create", new Text($"shrine/{key}"));
        world.Executor.Drain();
        world.Call("shrine/x", "rite.join", new Text("box/owner"));
        world.Call("shrine/y", "rite.join", new Text("box/owner"));
        world.Executor.Drain();
        Assert.Equal(2, world.One.Active("box/owner").State!.Extras.Owned.Count);
        world.Call("shrine/x", "rite.join", new Text("box/new"));
        world.Call("shrine/y", "rite.end", new Text(""));
        world.Advance(1);

        Assert.Empty(world.One.Active("box/owner").State!.Extras.Owned);
        Assert.Equal("shrine/x", world.One.Active("box/new").State!.Extras.Owned.Single().ToString());
    }

    [Fact]
    public void A_destroyed_entity_that_needs_no_creation_begins_anew_with_the_next_call()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(5));
        world.Call("box/a", "lab.start");
        world.Call("box/a", "lab.destroy", new Text("bye"));
        world.Advance(1);

        Assert.Equal(0, world.Count("box/a"));
        Assert.False(world.One.Active("box/a").State!.Frames.Running);
    }

    [Fact]
    public void A_destruction_that_cannot_be_written_did_not_happen()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(5));
        world.Store.WritesFail = true;
        Assert.Equal(ErrorCodes.StoreUnavailable, world.Call("vault/a", "safe.destroy", new Text("bye")).Error!.Code);
        world.Store.WritesFail = false;

        Assert.Equal(5, world.Count("vault/a"));
        Assert.Null(world.One.Active("vault/a").Running);
    }

    [Fact]
    public void An_idle_entity_is_written_and_leaves_and_its_lease_is_given_back()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(5));
        world.Advance(50);
        Assert.True(world.One.IsActive("box/a"));
        world.Advance(25);

        Assert.False(world.One.IsActive("box/a"));
        Assert.Equal(0, world.Lab1.Leases);
        Assert.Equal(5, world.Count("box/a"));
    }

    [Fact]
    public void Stopping_writes_everything_and_gives_every_lease_back()
    {
        using var world = new World();
        for (var i = 0; i < 50; i++) world.Call($"box/{i}", "lab.add", new Amount(i));
        var busy = world.Begin("box/7", "lab.wait", new Text(door));
        world.Executor.Drain();
        var stopping = world.One.Entities.Stop(CancellationToken.None);
        world.Advance(1);
        Assert.False(stopping.IsCompleted);
        Assert.Equal(ErrorCodes.SiloNotReady, world.Call("box/1", "lab.get").Error!.Code);

        Doors.Open(door);
        world.Advance(1);
        Assert.True(stopping.IsCompletedSuccessfully);
        Assert.Equal(8, world.Number(busy.Result));
        Assert.Equal(0, world.Lab1.Leases);
        Assert.Equal(50, world.Store.List(new EntityQuery("box", 100)).Result.Records.Count);
    }

    [Fact]
    public void Stopping_ends_with_the_callers_patience_when_the_store_is_away()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Store.WritesFail = true;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), world.Time);
        var stopping = world.One.Entities.Stop(patience.Token);
        world.Advance(6);

        Assert.True(stopping.IsCompletedSuccessfully);
    }

    [Fact]
    public void An_entity_that_moves_is_written_where_it_was_before_it_is_read_where_it_goes()
    {
        using var world = new World();
        var two = world.Add("two");
        world.Call("box/a", "lab.add", new Amount(5));
        var busy = world.Begin("box/a", "lab.wait", new Text(door));
        world.Executor.Drain();
        world.Place("box/a", two);
        var moved = world.Begin("box/a", "lab.add", new Amount(10));
        world.Advance(1);
        Assert.False(moved.IsCompleted);

        Doors.Open(door);
        world.Advance(1);
        Assert.Equal(6, world.Number(busy.Result));
        Assert.Equal(16, world.Number(moved.Result));
        Assert.False(world.One.IsActive("box/a"));
    }
}
