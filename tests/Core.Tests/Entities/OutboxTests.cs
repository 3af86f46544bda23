using Evergrain.Contracts;
using Evergrain.Core.Entities;
using Evergrain.Core.Tests.Entities.Lab;

namespace Evergrain.Core.Tests.Entities;

public sealed class OutboxTests
{
    [Fact]
    public void A_send_arrives_once_and_is_then_forgotten_on_both_sides()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(10));
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 4));
        world.Executor.Drain();

        Assert.Equal((6, 4), (world.Count("vault/a"), world.Count("vault/b")));
        Assert.Equal(1, world.Store["vault/b"]!.Extras.Window.Count);
        world.Advance(2);
        Assert.Empty(world.Store["vault/a"]!.Extras.Outbox);
        Assert.DoesNotContain(EntityId.Parse("vault/a"), world.Store.Index);
        Assert.NotNull(world.Store["vault/b"]!.Extras.Window);
        world.Advance(90);
        world.Call("vault/b", "safe.add", new Amount(1), key: world.Ids.NewGuid());
        Assert.Equal(1, world.Store["vault/b"]!.Extras.Window.Count);
    }

    [Fact]
    public void An_entity_of_the_index_that_was_never_stored_is_woken_once_and_then_forgotten()
    {
        using var world = new World();
        world.Store.Torn.Add(EntityId.Parse("vault/a"));

        world.WakeUp();

        Assert.Empty(world.Store.Index);
        Assert.Null(world.Store["vault/a"]);
        world.Call("vault/a", "safe.add", new Amount(10));
        Assert.Equal(10, world.Count("vault/a"));
    }

    [Theory]
    [InlineData("box/b", "lab.give")]
    [InlineData("vault/b", "safe.give")]
    public void A_send_whose_reply_is_lost_arrives_once(string to, string operation)
    {
        using var world = new World();
        var lost = 3;
        world.LoseReply = request => request.Delivery && lost-- > 0;
        world.Call("vault/a", "safe.add", new Amount(10));
        world.Call("vault/a", "safe.send", new Ask(to, operation, 4));
        world.Advance(5);

        Assert.Equal((6, 4), (world.Count("vault/a"), world.Count(to)));
        Assert.Equal(4, world.Routed.Count(request => request.Operation == operation));
        Assert.Empty(world.One.Active("vault/a").State!.Extras.Outbox);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_send_arrives_once_although_the_senders_silo_dies(bool afterDelivery)
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place("vault/a", world.One);
        world.Place("vault/b", two);
        world.Call("vault/a", "safe.add", new Amount(10));
        if (!afterDelivery) world.LoseRequest = request => request.Delivery;
        Assert.True(world.End(world.Begin("vault/a", "safe.send", new Ask("vault/b", "safe.give", 4))).Ok);
        world.One.Kill();
        world.LoseRequest = null;
        Assert.Equal(afterDelivery ? 4 : 0, world.Count("vault/b"));
        world.Advance(5);

        Assert.Contains(EntityId.Parse("vault/a"), world.Store.Index);
        world.WakeUp();
        world.Advance(5);
        Assert.Equal((6, 4), (world.Count("vault/a"), world.Count("vault/b")));
        Assert.Empty(world.Store.Index);
    }

    [Theory]
    [InlineData("box/b", "lab.give")]
    [InlineData("vault/b", "safe.give")]
    public void What_an_entity_answered_to_a_send_outlives_its_silo_whatever_its_durability(string to, string operation)
    {
        using var world = new World();
        var two = world.Add("two");
        world.Place(to, two);
        world.Call("vault/a", "safe.add", new Amount(10));
        world.Call("vault/a", "safe.send", new Ask(to, operation, 4));
        world.Executor.Drain();
        Assert.Empty(world.One.Active("vault/a").State!.Extras.Outbox);
        two.Kill();

        Assert.Equal(4, world.Count(to));
    }

    [Fact]
    public void A_dead_silo_sends_nothing_more()
    {
        using var world = new World();
        world.Add("two");
        world.LoseRequest = request => request.Delivery;
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 0));
        world.Advance(1);
        world.One.Kill();
        world.Executor.Drain();
        var routed = world.Routed.Count;
        world.Advance(60);

        Assert.Equal(routed, world.Routed.Count);
    }

    [Fact]
    public void A_send_that_is_refused_stays_is_seen_and_lets_the_others_pass()
    {
        using var world = new World();
        world.Call("vault/a", "safe.add", new Amount(10));
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", -100));
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 2));
        world.Advance(5);

        Assert.Equal(2, world.Count("vault/b"));
        var view = Core.Entities.EntityInspection.View(world.One.Active("vault/a"))!;
        var stuck = Assert.Single(view.Outbox);
        Assert.Contains(ErrorCodes.Rejected, stuck.LastError);
        Assert.InRange(stuck.Tries, 3, 10);
        Assert.Contains(EntityId.Parse("vault/a"), world.Store.Index);

        world.Advance(120);
        Assert.InRange(Core.Entities.EntityInspection.View(world.One.Active("vault/a"))!.Outbox[0].Tries, stuck.Tries + 4, stuck.Tries + 12);
        world.Call("vault/b", "safe.add", new Amount(100));
        world.Advance(31);
        Assert.Equal(2, world.Count("vault/b"));
        Assert.Empty(world.One.Active("vault/a").State!.Extras.Outbox);
    }

    [Fact]
    public void Sends_to_one_target_arrive_in_their_order()
    {
        using var world = new World(random: new Random(2));
        for (var i = 1; i <= 20; i++) world.Call("box/a", "lab.plan", new Plan("lab.note", i, 1));
        world.Call("box/a", "lab.get");
        var lost = new Random(4);
        List<Guid> arrived = [];
        world.LoseRequest = request => request.Delivery && lost.Next(3) == 0;
        world.LoseReply = request =>
        {
            if (!request.Delivery) return false;
            arrived.Add(request.Key!.Value);
            return lost.Next(3) == 0;
        };
        for (var i = 1; i <= 20; i++) world.Call("vault/a", "safe.send", new Ask("box/b", "lab.give", 1 << i % 8));
        world.Advance(30);

        var sent = world.Store.Written.SelectMany(write => write.Record.Extras.Outbox.Values).DistinctBy(entry => entry.Number).OrderBy(entry => entry.Number).ToArray();
        Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), sent.Select(entry => entry.Number));
        Assert.Equal(sent.Select(entry => entry.Key), arrived.Distinct());
        Assert.Equal(Enumerable.Range(1, 20).Sum(i => 1 << i % 8), world.Count("box/b"));
    }

    [Fact]
    public void A_target_that_cannot_serve_now_gets_its_sends_later()
    {
        using var world = new World();
        world.Store.ReadsFail = true;
        world.Store.ReadsFail = false;
        world.Call("vault/a", "safe.get");
        world.Store.SlowFor = id => id.Key == "b";
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 0));
        world.Advance(30);
        Assert.Single(world.One.Active("vault/a").State!.Extras.Outbox);

        world.Store.SlowFor = null;
        world.Store.LetThrough();
        world.Advance(5);
        Assert.Empty(world.One.Active("vault/a").State!.Extras.Outbox);
    }

    [Fact]
    public void An_entity_has_a_bound_of_sends_that_have_not_arrived()
    {
        using var world = new World();
        world.LoseRequest = request => request.Delivery;
        CallReply last = World.Lost;
        for (var i = 0; i <= 1000; i++) last = world.Call("box/a", "lab.send", new Ask("box/b", "lab.give", 0));

        Assert.Equal((ErrorCodes.EffectsTooMany, Ran.No), (last.Error!.Code, last.Error.Ran));
    }

    [Fact]
    public void The_wake_up_index_never_misses_an_entity_whose_record_needs_it()
    {
        using var world = new World();
        world.LoseRequest = request => request.Delivery;
        world.Store.Faults.Enqueue(WriteFault.AnswerLost);
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 0));

        Assert.True(world.Store["vault/a"]!.NeedsWakeUp);
        Assert.Contains(EntityId.Parse("vault/a"), world.Store.Index);
    }

    [Fact]
    public void A_sender_that_leaves_memory_tells_the_target_what_it_may_forget()
    {
        using var world = new World();
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 0));
        world.Executor.Drain();
        Assert.Empty(world.One.Active("vault/a").State!.Extras.Outbox);
        _ = world.One.Entities.Release(EntityId.Parse("vault/a"), CancellationToken.None);
        world.Executor.Drain();

        Assert.False(world.One.IsActive("vault/a"));
        Assert.Empty(world.Store["vault/a"]!.Extras.Outbox);
        Assert.Single(world.Routed, request => request.Operation == InternalOperations.Acknowledge && request.Entity == EntityId.Parse("vault/b"));
        world.Advance(90);
        world.Call("vault/b", "safe.add", new Amount(1), key: world.Ids.NewGuid());
        Assert.Equal(1, world.Store["vault/b"]!.Extras.Window.Count);
    }

    [Fact]
    public void A_sender_that_cannot_be_written_lets_its_targets_forget_nothing()
    {
        using var world = new World();
        world.Call("vault/a", "safe.send", new Ask("vault/b", "safe.give", 0));
        world.Executor.Drain();
        world.Store.WritesFail = true;
        _ = world.One.Entities.Release(EntityId.Parse("vault/a"), CancellationToken.None);
        world.Advance(5);

        Assert.Single(world.Store["vault/a"]!.Extras.Outbox);
        Assert.DoesNotContain(world.Routed, request => request.Operation == InternalOperations.Acknowledge);
    }

    [Fact]
    public void A_listener_that_throws_holds_up_neither_sends_nor_frames_nor_the_reply()
    {
        using var world = new World();
        world.Listener = _ => throw new InvalidOperationException("a bad listener");
        var reply = world.Call("box/a", "lab.wish", new Wish("ok", "vault/b"));

        Assert.Equal(1, world.Number(reply));
        Assert.Single(world.Routed, request => request.Delivery);
        Assert.Single(world.Events);
        world.Advance(0.1);
        Assert.Equal("scheduled", world.Log("box/a"));
    }

    [Fact]
    public void A_destroyed_sender_whose_record_goes_tells_the_target_what_it_may_forget()
    {
        using var world = new World();
        world.Serve(2, world.Lab1, world.Safe, TestTables.Slot<RiteModule>("rite", "1.0.0"));
        world.Call("box/a", "lab.create", new Text("shrine/s"));
        // Until the shrine need not remember who had it made.
        world.Advance(200);
        Assert.True(world.Call("shrine/s", "rite.end", new Text("")).Ok);
        world.Executor.Drain();
        Assert.Empty(world.One.Active("shrine/s").State!.Extras.Outbox);
        _ = world.One.Entities.Release(EntityId.Parse("shrine/s"), CancellationToken.None);
        world.Executor.Drain();

        Assert.Null(world.Store["shrine/s"]);
        Assert.Single(world.Routed, request => request.Operation == InternalOperations.Acknowledge && request.Entity == EntityId.Parse("box/graveyard"));
    }
}
