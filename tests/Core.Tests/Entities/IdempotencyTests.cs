using Evergrain.Contracts;
using Evergrain.Core.State;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

public sealed class IdempotencyTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    [Fact]
    public void The_same_key_gets_the_same_reply_and_runs_once()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        var first = world.Call("vault/a", "safe.add", new Amount(5), key: key);
        var second = world.Call("vault/a", "safe.add", new Amount(5), key: key);

        Assert.Equal(first.Result.ToArray(), second.Result.ToArray());
        Assert.Equal((first.Module, first.Epoch), (second.Module, second.Epoch));
        Assert.Equal(5, world.Count("vault/a"));
    }

    [Fact]
    public void The_same_key_with_another_body_is_key_reused_and_of_another_caller_a_key_of_its_own()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        world.Call("vault/a", "safe.add", new Amount(5), key: key);

        Assert.Equal(ErrorCodes.KeyReused, world.Call("vault/a", "safe.add", new Amount(6), key: key).Error!.Code);
        Assert.Equal(ErrorCodes.KeyReused, world.Call("vault/a", "safe.get", new Amount(5), key: key).Error!.Code);
        Assert.Equal(10, world.Number(world.Call("vault/a", "safe.add", new Amount(5), caller: "bob", key: key)));
    }

    [Fact]
    public void A_key_that_is_no_time_ordered_uuid_or_of_the_future_is_bad()
    {
        using var world = new World();
        Assert.Equal(ErrorCodes.BadKey, world.Call("box/a", "lab.add", new Amount(5), key: Guid.Empty).Error!.Code);
        var future = UuidV7.Create(world.Time.GetUtcNow().AddMinutes(6), new byte[16]);
        Assert.Equal(ErrorCodes.BadKey, world.Call("box/a", "lab.add", new Amount(5), key: future).Error!.Code);
    }

    [Fact]
    public void A_key_older_than_the_window_is_expired()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        world.Call("box/a", "lab.add", new Amount(5), key: key);
        world.Advance(9 * 60);
        Assert.Equal(5, world.Number(world.Call("box/a", "lab.add", new Amount(5), key: key)));
        world.Advance(2 * 60);
        world.Call("box/a", "lab.add", new Amount(1), key: world.Ids.NewGuid());

        Assert.Equal(ErrorCodes.KeyExpired, world.Call("box/a", "lab.add", new Amount(5), key: key).Error!.Code);
        Assert.Equal(6, world.Count("box/a"));
    }

    [Fact]
    public void The_65th_key_of_a_caller_evicts_the_first_which_is_then_expired()
    {
        using var world = new World();
        var keys = new List<Guid>();
        for (var i = 0; i < IdempotencyWindow.KeysPerCaller + 1; i++)
        {
            keys.Add(world.Ids.NewGuid());
            world.Call("box/a", "lab.add", new Amount(1), key: keys[^1]);
            world.Advance(0.01);
        }

        Assert.Equal(ErrorCodes.KeyExpired, world.Call("box/a", "lab.add", new Amount(1), key: keys[0]).Error!.Code);
        Assert.Equal(2, world.Number(world.Call("box/a", "lab.add", new Amount(1), key: keys[1])));
        Assert.True(world.Call("box/a", "lab.add", new Amount(1), caller: "bob", key: keys[0]).Ok);
        Assert.Equal(66, world.Count("box/a"));
    }

    [Fact]
    public void A_repeated_call_joins_the_one_that_runs()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        var first = world.Begin("box/a", "lab.wait", new Text(door), key: key);
        var second = world.Begin("box/a", "lab.wait", new Text(door), key: key);
        world.Executor.Drain();
        Doors.Open(door);

        Assert.Equal(1, world.Number(world.End(first)));
        Assert.Equal(1, world.Number(world.End(second)));
        Assert.Equal(1, Doors.TimesPassed(door));
    }

    [Fact]
    public void A_call_that_failed_is_not_remembered()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        Assert.Equal(ErrorCodes.Rejected, world.Call("box/a", "lab.add", new Amount(-5), key: key).Error!.Code);
        world.Call("box/a", "lab.add", new Amount(5));

        Assert.Equal(0, world.Number(world.Call("box/a", "lab.add", new Amount(-5), key: key)));
    }

    [Fact]
    public void Calls_that_a_call_makes_run_once_too_when_it_is_sent_again()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        Assert.Equal(Ran.Unknown, world.Call("box/a", "lab.ask-then-throw", new Ask("box/b", "lab.add", 5), key: key).Error!.Ran);
        world.Call("box/a", "lab.ask-then-throw", new Ask("box/b", "lab.add", 5), key: key);

        Assert.Equal(5, world.Count("box/b"));
    }

    [Fact]
    public void An_entity_that_calls_for_many_players_is_not_held_to_a_players_number_of_keys()
    {
        using var world = new World();
        var early = world.Ids.NewGuid();
        world.Advance(1);
        for (var i = 0; i < 100; i++) Assert.True(world.Call("box/lobby", "lab.ask", new Ask("box/b", "lab.add", 1), $"player-{i}", world.Ids.NewGuid()).Ok);

        Assert.Equal(101, world.Number(world.Call("box/lobby", "lab.ask", new Ask("box/b", "lab.add", 1), "slow", early)));
    }

    [Fact]
    public void The_window_outlives_deactivation_and_the_death_of_the_silo()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        world.Call("box/a", "lab.add", new Amount(5), key: key);
        world.Advance(75);
        Assert.False(world.One.IsActive("box/a"));
        Assert.Equal(5, world.Number(world.Call("box/a", "lab.add", new Amount(5), key: key)));

        var safe = world.Ids.NewGuid();
        world.Call("vault/a", "safe.add", new Amount(7), key: safe);
        world.Add("two");
        world.One.Kill();
        Assert.Equal(7, world.Number(world.Call("vault/a", "safe.add", new Amount(7), key: safe)));
        Assert.Equal(7, world.Count("vault/a"));
    }

    [Fact]
    public void A_call_that_ended_the_entity_is_answered_again_and_does_not_make_it_anew()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        world.Call("box/a", "lab.destroy", new Text("bye"), key: key);

        Assert.True(world.Call("box/a", "lab.destroy", new Text("bye"), key: key).Ok);
        Assert.False(world.Store["box/a"]!.Created);
    }

    [Fact]
    public void What_ran_is_answered_again_although_a_new_version_no_longer_has_it()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        world.Call("box/a", "lab.save", Evergrain.ModuleSdk.Nothing.Value, key: key);
        world.Serve(2, TestTables.Slot<LabModule2>("lab", "2.0.0"));

        Assert.Equal(ErrorCodes.UnknownOperation, world.Call("box/a", "lab.save").Error!.Code);
        Assert.True(world.Call("box/a", "lab.save", Evergrain.ModuleSdk.Nothing.Value, key: key).Ok);
    }

    [Fact]
    public void Two_calls_of_one_turn_to_the_same_entity_are_two()
    {
        using var world = new World();

        Assert.Equal(21, world.Number(world.Call("box/a", "lab.ask-both", new Ask("box/b+box/b", "lab.add", 7), key: world.Ids.NewGuid())));
        Assert.Equal(14, world.Count("box/b"));
    }

    [Fact]
    public void What_a_destroyed_entity_answered_is_not_done_again_for_the_same_key()
    {
        using var world = new World();
        var key = world.Ids.NewGuid();
        Assert.Equal(5, world.Number(world.Call("vault/a", "safe.add", new Amount(5), key: key)));
        Assert.True(world.Call("vault/a", "safe.destroy", new Text("bye")).Ok);

        Assert.Equal(5, world.Number(world.Call("vault/a", "safe.add", new Amount(5), key: key)));
        Assert.Equal(0, world.Count("vault/a"));
    }
}
