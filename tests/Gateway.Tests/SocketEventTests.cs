using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Gateway.Tests.Fakes;

namespace Evergrain.Gateway.Tests;

public class SocketEventTests
{
    static readonly EntityId Room = new("battle", "room-17");
    const string Subscribe = """{"id":1,"subscribe":"battle/room-17"}""";

    [Fact]
    public async Task A_subscriber_hears_events_until_it_unsubscribes()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        Assert.Equal("""{"id":1,"ok":{}}""", (await socket.Ask(Subscribe)).GetRawText());
        host.Engine.Publish(Room, 41, """{"target":"bob"}""");
        Assert.Equal("""{"event":"battle.hit","from":"battle/room-17","seq":41,"data":{"target":"bob"},"version":"battle@1.1.0","epoch":7}""",
            (await socket.Receive()).GetRawText());
        Assert.Equal("""{"id":2,"ok":{}}""", (await socket.Ask("""{"id":2,"unsubscribe":"battle/room-17"}""")).GetRawText());
        Assert.Equal(0, host.Engine.Listeners(Room));
    }

    [Fact]
    public async Task Subscribing_twice_listens_once()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask(Subscribe);
        Assert.True((await socket.Ask(Subscribe)).TryGetProperty("ok", out _));
        Assert.Equal(1, host.Engine.Listeners(Room));
    }

    [Fact]
    public async Task A_jump_of_the_sequence_is_a_visible_gap()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask(Subscribe);
        host.Engine.Publish(Room, 1);
        host.Engine.Publish(Room, 5);
        Assert.Equal(1, (await socket.Receive()).GetProperty("seq").GetInt64());
        Assert.Equal("""{"gap":"battle/room-17","first":2,"last":4}""", (await socket.Receive()).GetRawText());
        Assert.Equal(5, (await socket.Receive()).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task What_an_engine_refuses_is_a_typed_error()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var answer = await socket.Ask("""{"id":1,"subscribe":"unknown/x"}""");
        Assert.Equal("unknown-kind", answer.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task One_subscription_more_than_the_bound_is_refused()
    {
        await using var host = await DoorHost.Start(o => o.MaxSubscriptions = 1);
        using var socket = await TestSocket.Open(host);
        await socket.Ask(Subscribe);
        var answer = await socket.Ask("""{"id":2,"subscribe":"battle/room-18"}""");
        Assert.Equal("too-many-subscriptions", answer.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_slow_reader_loses_the_oldest_events_hears_of_the_gap_and_loses_no_reply()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask(Subscribe);
        var large = JsonSerializer.Serialize(new string('x', 60_000));
        for (var sequence = 1; sequence <= 2000; sequence++) host.Engine.Publish(Room, sequence, large);
        await socket.Send("""{"id":7,"to":"a/b","op":"a.b"}""");
        await Until.True(() => host.Engine.Requests.Count == 1);
        var (events, missed, replies, expected) = (0, 0L, 0, 1L);
        while (expected <= 2000 || replies == 0)
        {
            var message = await socket.Receive();
            if (message.TryGetProperty("id", out _)) replies++;
            else if (message.TryGetProperty("gap", out _))
            {
                Assert.Equal(expected, message.GetProperty("first").GetInt64());
                missed += message.GetProperty("last").GetInt64() - expected + 1;
                expected = message.GetProperty("last").GetInt64() + 1;
            }
            else
            {
                Assert.Equal(expected++, message.GetProperty("seq").GetInt64());
                events++;
            }
        }
        Assert.Equal((2000, 1), (events + missed, replies));
        Assert.True(missed > 0, "A client that does not read must lose events.");
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_after_the_bound_and_may_resume()
    {
        await using var host = await DoorHost.Start(o => (o.MaxOutbound, o.ResumeWindow) = (4, TimeSpan.FromDays(365_000)));
        host.Engine.Answer = _ => new(Engine.Ok(JsonSerializer.SerializeToUtf8Bytes(new string('x', 1_000_000))));
        using var socket = await TestSocket.Open(host);
        var flood = Task.Run(async () =>
        {
            for (var id = 1; socket.Socket.State == System.Net.WebSockets.WebSocketState.Open; id++)
                await socket.Send($$"""{"id":{{id}},"to":"a/b","op":"a.b"}""");
        });
        // Nothing is read here, so sooner or later a reply waits longer than the bound.
        await Until.True(() =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            return flood.IsCompleted;
        });
        await Assert.ThrowsAnyAsync<Exception>(() => flood);
        using var again = await TestSocket.Open(host);
        await again.Send($$"""{"resume":"{{socket.Session}}"}""");
        JsonElement message;
        do message = await again.Receive();
        while (!message.TryGetProperty("resumed", out _));
        Assert.Equal(socket.Session, message.GetProperty("resumed").GetString());
    }
}
