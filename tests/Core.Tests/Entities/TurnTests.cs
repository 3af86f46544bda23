using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;
using Evergrain.ModuleSdk;

namespace Evergrain.Core.Tests.Entities;

public sealed class TurnTests
{
    readonly string door = Guid.NewGuid().ToString("N");

    [Theory]
    [InlineData("box/a", "lab", "throw", ErrorCodes.ModuleFault)]
    [InlineData("box/a", "lab", "reject", ErrorCodes.Rejected)]
    [InlineData("box/a", "lab", "greedy", ErrorCodes.EffectsTooMany)]
    [InlineData("vault/a", "safe", "throw", ErrorCodes.ModuleFault)]
    [InlineData("vault/a", "safe", "reject", ErrorCodes.Rejected)]
    [InlineData("vault/a", "safe", "greedy", ErrorCodes.EffectsTooMany)]
    public void A_turn_that_fails_leaves_nothing_behind(string entity, string module, string mode, string code)
    {
        using var world = new World();
        world.Call(entity, $"{module}.add", new Amount(1));
        world.Advance(2);
        var written = world.Store.Written.Count;

        var reply = world.Call(entity, $"{module}.wish", new Wish(mode, "box/other"));
        world.Advance(2);

        Assert.Equal((code, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.Equal(1, world.Count(entity));
        Assert.Empty(world.Events);
        Assert.Equal(0, world.Count("box/other"));
        Assert.Equal("", world.Log(entity, module));
        Assert.Equal(written, world.Store.Written.Count);
    }

    [Fact]
    public void A_turn_that_succeeds_does_all_that_it_asked_for()
    {
        using var world = new World();
        Assert.Equal(1, world.Number(world.Call("box/a", "lab.note", new Text("x")) is { Ok: true } ? world.Call("box/a", "lab.wish", new Wish("ok", "box/other")) : World.Lost));
        world.Executor.Drain();

        Assert.Equal("lab.told", Assert.Single(world.Events).Name);
        Assert.Equal(1, world.Count("box/other"));
        Assert.Single(world.One.Active("box/a").State!.Extras.Schedule);
    }

    [Fact]
    public void A_call_that_was_awaited_stands_although_its_caller_fails_and_the_error_says_so()
    {
        using var world = new World();
        var failed = world.Call("box/a", "lab.ask-then-throw", new Ask("box/b", "lab.add", 5));

        Assert.Equal((ErrorCodes.ModuleFault, Ran.Unknown), (failed.Error!.Code, failed.Error.Ran));
        Assert.Equal(0, world.Count("box/a"));
        Assert.Equal(5, world.Count("box/b"));
    }

    [Fact]
    public void A_turn_that_says_that_nothing_ran_begins_nothing_while_it_says_so()
    {
        using var world = new World();
        var failed = world.Call("box/a", "lab.fail-calling", new Ask("box/b", "lab.add", 5));

        Assert.Equal((ErrorCodes.ModuleFault, Ran.No), (failed.Error!.Code, failed.Error.Ran));
        Assert.Contains("it called", failed.Error.Message);
        Assert.Equal(0, world.Count("box/b"));
    }

    [Fact]
    public void A_turn_that_is_given_up_while_its_call_is_under_way_may_have_had_an_effect()
    {
        using var world = new World();
        world.Call("box/a", "lab.get");
        world.Store.SlowFor = id => id.Key == "b";
        var call = world.Begin("box/a", "lab.ask", new Ask("box/b", "lab.wait", 0), seconds: 1);
        world.Advance(2);

        Assert.Equal(ErrorCodes.Deadline, call.Result.Error!.Code);
    }

    [Fact]
    public void A_refused_inner_call_leaves_the_outer_one_without_effect()
    {
        using var world = new World();
        var refused = world.Call("box/a", "lab.ask", new Ask("box/b", "lab.add", -5));

        Assert.Equal((ErrorCodes.Rejected, Ran.No), (refused.Error!.Code, refused.Error.Ran));
        Assert.Equal(0, world.Count("box/a"));
        Assert.Equal(8, world.Number(world.Call("box/a", "lab.ask", new Ask("box/b", "lab.add", -5, Catch: true))));
        Assert.Equal(100, world.Count("box/a"));
    }

    [Theory]
    [InlineData("created", "loose.get")]
    [InlineData("task", "loose.task")]
    [InlineData("void", "loose.void")]
    [InlineData("throw", "loose.throw")]
    [InlineData("frame", "loose.start")]
    public void What_a_handler_leaves_unawaited_ends_at_its_first_wait(string name, string operation)
    {
        using var world = new World();
        world.Serve(2, world.Lab1, world.Safe, TestTables.Slot<LooseModule>("loose", "1.0.0"));
        var reply = world.Call($"loose/{door}", operation);
        Assert.True(reply.Ok, reply.Error?.ToString());
        if (name == "frame") world.Advance(1);
        else world.Executor.Drain();

        Assert.Equal(0, Doors.TimesPassed($"{door}-{name}"));
        Assert.Equal(0, world.Number(world.Call($"loose/{door}", "loose.get")));
    }

    [Fact]
    public void A_handler_that_may_not_await_cannot_call()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, world.Safe, TestTables.Slot<LooseModule>("loose", "1.0.0"));

        Assert.True(world.Call("loose/a", "loose.call", new Ask("box/b", "lab.add", 5)).Ok);
        Assert.Equal(0, world.Count("box/b"));
        Assert.Equal(5, world.Number(world.Call("loose/a", "loose.call-later", new Ask("box/b", "lab.add", 5))));
    }

    [Theory]
    [InlineData("nobody/a", "lab.get", ErrorCodes.UnknownKind)]
    [InlineData("box/a", "lab.nothing", ErrorCodes.UnknownOperation)]
    [InlineData("box/a", "lab.give", ErrorCodes.Forbidden)]
    [InlineData("box/a", "$own", ErrorCodes.Forbidden)]
    [InlineData("box/a", "$destroy", ErrorCodes.Forbidden)]
    public void A_wrong_call_makes_and_changes_nothing(string entity, string operation, string code)
    {
        using var world = new World();
        var reply = world.Call(entity, operation, new Amount(1));
        world.Advance(2);

        Assert.Equal((code, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.Empty(world.Store.Written);
    }

    [Fact]
    public void Arguments_that_do_not_fit_are_refused_and_make_no_entity()
    {
        using var world = new World();
        var reply = world.End(world.Begin(world.Request("box/a", "lab.add", new Amount(1)) with { Arguments = "[1"u8.ToArray() }));
        world.Advance(2);

        Assert.Equal((ErrorCodes.BadArguments, Ran.No), (reply.Error!.Code, reply.Error.Ran));
        Assert.Empty(world.Store.Written);
    }

    [Fact]
    public void Operations_for_entities_are_open_to_entities_and_on_development_hosts_to_players()
    {
        using var world = new World();
        Assert.True(world.Call("box/a", "lab.give", new Amount(1), caller: "box/b").Ok);
        using var open = new World(new EntitySiloOptions { PlayersMayCallAnything = true });
        Assert.True(open.Call("box/a", "lab.give", new Amount(1)).Ok);
    }

    [Fact]
    public void A_reply_past_the_bound_drops_the_turn()
    {
        using var world = new World(new EntitySiloOptions { MaxReplyBytes = 10 });
        var reply = world.Call("box/a", "lab.add", new Amount(1_000_000));

        Assert.Equal(ErrorCodes.ReplyTooLarge, reply.Error!.Code);
        Assert.Equal(0, world.One.Active("box/a").State!.Slices.OfType<Box>().Single().Count);
    }

    [Fact]
    public void Events_are_numbered_without_gaps_across_turns_and_reloads()
    {
        using var world = new World();
        world.Call("box/a", "lab.tell", new Amount(3));
        world.Serve(2, TestTables.Slot<LabModule>("lab", "1.1.0"), world.Safe);
        world.Call("box/a", "lab.tell", new Amount(2));

        Assert.Equal([1, 2, 3, 4, 5], world.Events.Select(told => told.Sequence));
        Assert.Equal(["1.0.0", "1.1.0"], world.Events.Select(told => told.Module.Version).Distinct());
        Assert.Equal([1, 2], world.Events.Select(told => told.Epoch).Distinct());
    }

    [Fact]
    public void Chance_is_seeded_for_each_turn()
    {
        int[] Rolls()
        {
            using var world = new World(random: new Random(11));
            return [.. Enumerable.Range(0, 5).Select(_ => world.Number(world.Call("box/a", "lab.roll")))];
        }

        var rolls = Rolls();
        Assert.Equal(rolls, Rolls());
        Assert.Equal(5, rolls.Distinct().Count());
    }

    [Fact]
    public void A_running_turn_can_be_seen_from_outside()
    {
        using var world = new World();
        world.Call("box/a", "lab.get");
        world.Call("box/b", "lab.get");
        var waiting = world.Begin("box/b", "lab.wait", new Text(door));
        var asking = world.Begin("box/a", "lab.ask", new Ask("box/b", "lab.add", 1));
        world.Advance(1);

        var view = EntityInspection.View(world.One.Active("box/a"))!;
        Assert.Equal(("lab.ask", "ann", 1000.0, "box/b"), (view.Running!.Operation, view.Running.Caller, view.Running.ForMs, view.Running.WaitsFor));
        Assert.Equal(1, world.One.Active("box/b").Waiting);
        Assert.Equal(1, world.Lab1.Leases - 1);
        Doors.Open(door);
        world.End(waiting);
        Assert.True(world.End(asking).Ok);
    }
}
