using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

/// <summary>A store that answers, and says no.</summary>
public sealed class StoreRefusalTests
{
    [Fact]
    public void A_store_that_is_full_says_so_and_the_entity_goes_on_from_where_it_stood()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        world.Store.Faults.Enqueue(WriteFault.Full);

        var error = world.Call("vault/a", "safe.add", new Amount(5)).Error!;

        Assert.Equal((ErrorCodes.StoreFull, Ran.No, 5000), (error.Code, error.Ran, error.RetryAfterMs));
        Assert.Equal(1, world.Count("vault/a"));
        Assert.True(world.Call("vault/a", "safe.add", new Amount(2)).Ok);
        Assert.Equal(3, world.Count("vault/a"));
    }

    [Fact]
    public void What_a_full_store_did_not_take_by_interval_is_written_once_there_is_room()
    {
        using var world = new World();
        world.Store.Faults.Enqueue(WriteFault.Full);
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        Assert.Null(world.Store["box/a"]);

        world.Advance(2);
        Assert.NotNull(world.Store["box/a"]);
    }

    [Fact]
    public void Before_reply_a_record_that_would_be_too_large_is_refused_for_good_and_a_smaller_one_is_taken()
    {
        using var world = new World();
        world.Call("vault/a", "safe.note", new Text("short"));
        world.Store.MostBytes = 200;

        var error = world.Call("vault/a", "safe.note", new Text(new string('x', 300))).Error!;

        Assert.Equal((ErrorCodes.RecordTooLarge, Ran.No, null), (error.Code, error.Ran, error.RetryAfterMs));
        Assert.Equal("short", world.Log("vault/a", "safe"));
        Assert.True(world.Call("vault/a", "safe.note", new Text("more")).Ok);
        Assert.Equal("short more", world.Log("vault/a", "safe"));
    }

    [Theory]
    [InlineData("box/a")]
    [InlineData("shelf/a")]
    public void By_interval_and_on_deactivation_a_record_that_is_too_large_is_a_fault_in_the_log_until_it_shrinks(string entity)
    {
        using var world = new World();
        world.Store.MostBytes = 200;
        Assert.True(world.Call(entity, World.Operation(entity, "note"), new Text(new string('x', 300))).Ok);
        world.Advance(75); // on deactivation that is when it would leave
        Assert.Null(world.Store[entity]);
        Assert.True(world.One.IsActive(entity));
        Assert.Contains(world.Written.Lines, line => line.Contains(entity, StringComparison.Ordinal) && line.Contains("the store keeps 200", StringComparison.Ordinal));

        Assert.True(world.Call(entity, World.Operation(entity, "forget")).Ok);
        world.Call(entity, World.Operation(entity, "add"), new Amount(5));
        world.Advance(75);
        world.One.Kill();
        world.Add("two");
        Assert.Equal(5, world.Count(entity));
    }

    [Fact]
    public void By_interval_what_stays_too_large_is_lost_with_its_silo()
    {
        using var world = new World();
        world.Call("box/a", "lab.add", new Amount(1));
        world.Advance(1);
        world.Store.MostBytes = 200;
        world.Call("box/a", "lab.note", new Text(new string('x', 300)));
        world.Call("box/a", "lab.add", new Amount(10));
        world.Advance(60);

        world.One.Kill();
        world.Add("two");
        Assert.Equal((1, ""), (world.Count("box/a"), world.Log("box/a")));
    }

    [Fact]
    public void A_record_that_cannot_be_read_keeps_its_entity_away_and_no_other()
    {
        using var world = new World();
        world.Store.Garbled = EntityId.Parse("vault/a");

        var error = world.Call("vault/a", "safe.get").Error!;

        Assert.Equal((ErrorCodes.RecordUnreadable, Ran.No), (error.Code, error.Ran));
        Assert.Equal(0, world.Count("vault/b"));
        world.Store.Garbled = null;
        Assert.Equal(0, world.Count("vault/a"));
    }

    [Fact]
    public void Fields_of_a_record_that_a_newer_host_wrote_survive_a_turn()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(1));
        var stored = world.Store["vault/a"]!;
        world.One.Entities.Release(stored.Id, default).AsTask();
        world.Executor.Drain();
        Assert.Null(world.One.Entities.Active(stored.Id));
        Assert.False(world.Store.Write([new EntityWrite(stored with { Unknown = new byte[] { 154, 1, 2, 7 } }, stored.Etag)]).AsTask().Result[0].Conflict);

        world.Call("vault/a", "safe.add", new Amount(1));

        Assert.Equal([154, 1, 2, 7], world.Store["vault/a"]!.Unknown.ToArray());
        Assert.Equal(2, world.Count("vault/a"));
    }
}
