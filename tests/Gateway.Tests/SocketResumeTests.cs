using System.Net.WebSockets;
using Evergrain.Contracts;
using Evergrain.Gateway.Socket;
using Evergrain.Gateway.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Evergrain.Gateway.Tests;

public class SocketResumeTests
{
    static readonly EntityId Room = new("battle", "room-17");

    [Fact]
    public async Task A_reply_that_came_while_the_connection_was_down_is_kept_for_the_resume()
    {
        await using var host = await DoorHost.Start();
        var held = new TaskCompletionSource<CallReply>();
        host.Engine.Answer = _ => new ValueTask<CallReply>(held.Task);
        using var socket = await TestSocket.Open(host);
        await socket.Send("""{"id":3,"to":"a/b","op":"a.b"}""");
        await Until.True(() => host.Engine.Requests.Count == 1);
        socket.Drop();
        await Until.True(() => host.Services.GetRequiredService<SessionTable>().Waiting == 1);
        held.SetResult(Engine.Ok("42"u8.ToArray()));
        using var again = await TestSocket.Open(host);
        await again.Send(Resume(socket));
        Assert.Equal(42, (await again.Receive()).GetProperty("ok").GetInt32());
        Assert.Equal(0, (await again.Receive()).GetProperty("inFlight").GetArrayLength());
    }

    [Fact]
    public async Task A_resume_names_the_calls_that_still_run_and_their_replies_follow()
    {
        await using var host = await DoorHost.Start();
        var held = new TaskCompletionSource<CallReply>();
        host.Engine.Answer = _ => new ValueTask<CallReply>(held.Task);
        using var socket = await TestSocket.Open(host);
        await socket.Send("""{"id":3,"to":"a/b","op":"a.b"}""");
        await Until.True(() => host.Engine.Requests.Count == 1);
        socket.Drop();
        using var again = await TestSocket.Open(host);
        var resumed = await again.Ask(Resume(socket));
        Assert.Equal($$"""{"resumed":"{{socket.Session}}","inFlight":[3]}""", resumed.GetRawText());
        held.SetResult(Engine.Ok("42"u8.ToArray()));
        Assert.Equal(42, (await again.Receive()).GetProperty("ok").GetInt32());
        Assert.Single(host.Engine.Requests);
    }

    [Fact]
    public async Task Events_after_the_last_heard_are_said_again()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask("""{"id":1,"subscribe":"battle/room-17"}""");
        for (var sequence = 40; sequence <= 43; sequence++) host.Engine.Publish(Room, sequence);
        Assert.Equal(40, (await socket.Receive()).GetProperty("seq").GetInt64());
        socket.Drop();
        host.Engine.Publish(Room, 44);
        using var again = await TestSocket.Open(host);
        await again.Send(Resume(socket, """{"battle/room-17":41}"""));
        Assert.True((await again.Receive()).TryGetProperty("resumed", out _));
        foreach (var sequence in (long[])[42, 43, 44]) Assert.Equal(sequence, (await again.Receive()).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_client_that_heard_nothing_yet_hears_everything_since_it_subscribed_and_no_gap_before()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask("""{"id":1,"subscribe":"battle/room-17"}""");
        socket.Drop();
        host.Engine.Publish(Room, 40);
        host.Engine.Publish(Room, 41);
        using var again = await TestSocket.Open(host);
        await again.Send(Resume(socket, """{"battle/room-17":0}"""));
        var said = new List<string>();
        while (said.Count < 3) said.Add((await again.Receive()).GetRawText());
        Assert.StartsWith("{\"resumed\"", said[0]);
        Assert.Contains("\"seq\":40", said[1]);
        Assert.Contains("\"seq\":41", said[2]);
    }

    [Fact]
    public async Task A_resume_that_asks_for_more_than_was_kept_hears_of_the_gap()
    {
        await using var host = await DoorHost.Start(o => o.EventsPerSubscription = 4);
        using var socket = await TestSocket.Open(host);
        await socket.Ask("""{"id":1,"subscribe":"battle/room-17"}""");
        host.Engine.Publish(Room, 1);
        Assert.Equal(1, (await socket.Receive()).GetProperty("seq").GetInt64());
        socket.Drop();
        for (var sequence = 2; sequence <= 10; sequence++) host.Engine.Publish(Room, sequence);
        using var again = await TestSocket.Open(host);
        await again.Send(Resume(socket, """{"battle/room-17":1}"""));
        Assert.True((await again.Receive()).TryGetProperty("resumed", out _));
        Assert.Equal("""{"gap":"battle/room-17","first":2,"last":6}""", (await again.Receive()).GetRawText());
        for (var sequence = 7; sequence <= 10; sequence++) Assert.Equal(sequence, (await again.Receive()).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_session_is_gone_after_the_resume_window_and_its_subscriptions_with_it()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask("""{"id":1,"subscribe":"battle/room-17"}""");
        socket.Drop();
        await Until.True(() =>
        {
            host.Time.Advance(TimeSpan.FromSeconds(61));
            return host.Engine.Listeners(Room) == 0;
        });
        using var again = await TestSocket.Open(host);
        var answer = await again.Ask(Resume(socket));
        Assert.Equal("session-gone", answer.GetProperty("error").GetProperty("code").GetString());
        Assert.True((await again.Ask("""{"id":1,"to":"a/b","op":"a.b"}""")).TryGetProperty("ok", out _));
    }

    [Fact]
    public async Task A_connected_session_does_not_expire()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        host.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await socket.Ask("""{"id":1,"to":"a/b","op":"a.b"}""")).TryGetProperty("ok", out _));
    }

    [Fact]
    public async Task A_session_of_another_player_cannot_be_resumed()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host, await Login.Token(host, "alice"));
        socket.Drop();
        using var thief = await TestSocket.Open(host, await Login.Token(host, "mallory"));
        var answer = await thief.Ask(Resume(socket));
        Assert.Equal("session-gone", answer.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_resume_takes_the_session_from_a_connection_that_seems_alive()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        using var again = await TestSocket.Open(host);
        Assert.True((await again.Ask(Resume(socket))).TryGetProperty("resumed", out _));
        await Assert.ThrowsAsync<WebSocketException>(socket.Receive);
        Assert.True((await again.Ask("""{"id":1,"ping":true}""")).TryGetProperty("pong", out _));
    }

    [Fact]
    public async Task A_resume_after_the_first_message_is_refused()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Ask("""{"id":1,"ping":true}""");
        Assert.Equal("bad-message", (await socket.Ask(Resume(socket))).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_client_that_says_goodbye_leaves_no_session()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await Until.True(() => host.Services.GetRequiredService<SessionTable>().Count == 0);
    }

    [Fact]
    public async Task No_more_sessions_wait_than_the_bound()
    {
        await using var host = await DoorHost.Start(o => o.MaxConnections = 1);
        var table = host.Services.GetRequiredService<SessionTable>();
        for (var i = 0; i < 3; i++)
        {
            TestSocket? socket = null;
            while (socket is null) await Record.ExceptionAsync(async () => socket = await TestSocket.Open(host));
            socket.Drop();
            socket.Dispose();
        }
        await Until.True(() => table.Count == 1);
    }

    [Fact]
    public async Task A_host_that_stops_says_goodbye()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var stopping = host.Stop();
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, (await socket.ReceiveOrClose()).Status);
        await socket.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await stopping;
    }

    static string Resume(TestSocket before, string after = "{}") => $$"""{"resume":"{{before.Session}}","after":{{after}}}""";
}
