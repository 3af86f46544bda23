using Evergrain.Contracts;
using Evergrain.Core.Entities;
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
        Assert.Equal(50, world.Store.List("box", 100).Result.Count);
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

    [Fact]
    public void Tracked_work_is_listed_and_holds_its_version_until_it_ends()
    {
        using var world = new World();
        world.Call("box/a", "lab.work", new Text(door));
        world.Executor.Drain();
        world.Advance(1);
        Assert.Equal(2, world.Lab1.Leases);
        var work = Assert.Single(EntityInspection.View(world.One.Active("box/a"))!.TrackedWork);
        Assert.Equal(("knitting", "lab.work", "lab@1.0.0", 20L), (work.Name, work.Operation, work.Module, work.AgeFrames));
        Assert.Contains(world.One.Entities.HoldersOf(world.Lab1, 10), holder => holder.Contains("knitting"));

        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(1, world.Lab1.Leases);
        Assert.Equal(1000, world.Count("box/a"));
    }

    [Theory]
    [InlineData("moved")]
    [InlineData("retired")]
    [InlineData("deactivated")]
    public void Tracked_work_ends_when_what_it_belongs_to_ends(string how)
    {
        using var world = new World();
        world.Call("box/a", "lab.work", new Text(door));
        world.Executor.Drain();
        if (how == "moved") world.Serve(2, TestTables.Slot<LabModule2>("lab", "2.0.0"), world.Safe);
        else if (how == "retired") world.Lab1.CancelWork();
        else world.One.Entities.Evict(world.Lab1);
        world.Executor.Drain();

        Assert.Equal(how == "retired" ? 1 : 0, world.Lab1.Leases);
        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(0, world.Count("box/a"));
    }

    [Theory]
    [InlineData("lab.ignore-delays")]
    [InlineData("lab.ignore-calls")]
    public void Tracked_work_that_ignores_its_end_keeps_no_thread_and_no_other_work(string operation)
    {
        using var world = new World();
        var other = door + "-other";
        world.Call("box/a", operation, new Text(door));
        world.Call("box/b", "lab.work", new Text(other));
        if (operation == "lab.ignore-delays") Doors.Open(door);
        world.Executor.Drain();

        world.Lab1.CancelWork();
        Assert.Equal(0, Doors.TimesPassed(door));
        world.Executor.Drain();
        Doors.Open(door);
        world.Executor.Drain();
        Assert.InRange(Doors.TimesPassed(door), 1, 2);
        Assert.Empty(EntityInspection.View(world.One.Active("box/b"))!.TrackedWork);
        world.Advance(10);
        Assert.InRange(Doors.TimesPassed(door), 10, 12);
        Assert.Equal("ignoring", Assert.Single(EntityInspection.View(world.One.Active("box/a"))!.TrackedWork).Name);
    }

    [Fact]
    public void Tracked_work_of_an_entity_is_bounded_and_of_a_failed_turn_never_begins()
    {
        using var world = new World();
        for (var i = 0; i < 16; i++) Assert.True(world.Call("box/a", "lab.work", new Text(door)).Ok);
        var refused = world.Call("box/a", "lab.work", new Text(door));

        Assert.Equal((ErrorCodes.EffectsTooMany, Ran.No), (refused.Error!.Code, refused.Error.Ran));
        Assert.Equal(17, world.Lab1.Leases);
        world.One.Kill();
        world.Executor.Drain();
        Assert.Equal(0, world.Lab1.Leases);
    }

    [Fact]
    public void Work_that_outlives_its_activation_is_still_named_as_who_holds_the_slot()
    {
        using var world = new World();
        world.Call("box/a", "lab.stubborn", new Text(door));
        world.One.Entities.Evict(world.Lab1);
        world.Executor.Drain();
        Assert.False(world.One.IsActive("box/a"));
        Assert.Equal(1, world.Lab1.Leases);
        Assert.Equal("tracked work 'stubborn' of lab.stubborn in box/a", Assert.Single(world.One.Entities.HoldersOf(world.Lab1, 10)));

        Doors.Open(door);
        world.Executor.Drain();
        Assert.Equal(0, world.Lab1.Leases);
        Assert.Empty(world.One.Entities.HoldersOf(world.Lab1, 10));
    }
}
