using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Gateway.Tests.Fakes;

namespace Evergrain.Gateway.Tests;

public class SocketBadInputTests
{
    const string Good = """{"id":99,"to":"battle/room-17","op":"battle.cast"}""";

    [Theory]
    [InlineData("hello", "bad-json", null)]
    [InlineData("", "bad-json", null)]
    [InlineData("{\"id\":1,", "bad-json", 1)]
    [InlineData("{\"id\":1} x", "bad-json", 1)]
    [InlineData("{\"id\":1,\"to\":\"\\ud800\",\"op\":\"a.b\"}", "bad-json", 1)]
    [InlineData("[1]", "bad-message", null)]
    [InlineData("null", "bad-message", null)]
    [InlineData("{}", "bad-message", null)]
    [InlineData("{\"id\":1}", "bad-message", 1)]
    [InlineData("{\"id\":-1,\"ping\":true}", "bad-message", null)]
    [InlineData("{\"id\":1.5,\"ping\":true}", "bad-message", null)]
    [InlineData("{\"id\":1,\"id\":2,\"ping\":true}", "bad-message", 2)]
    [InlineData("{\"id\":1,\"to\":\"a/b\"}", "bad-message", 1)]
    [InlineData("{\"to\":\"a/b\",\"op\":\"a.b\"}", "bad-message", null)]
    [InlineData("{\"id\":1,\"to\":\"nowhere\",\"op\":\"a.b\"}", "bad-entity", 1)]
    [InlineData("{\"id\":1,\"to\":{\"kind\":\"a\"},\"op\":\"a.b\"}", "bad-entity", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"cast\"}", "unknown-operation", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"key\":\"1\"}", "bad-key", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"key\":\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"}", "bad-key", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"epoch\":-3}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"deadlineMs\":0}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"deadlineMs\":600001}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"raw\":\"?\"}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"raw\":\"AQ==\",\"args\":1}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"to\":\"a/b\",\"op\":\"a.b\",\"colour\":\"red\"}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"subscribe\":\"a/b\",\"op\":\"a.b\"}", "bad-message", 1)]
    [InlineData("{\"id\":1,\"subscribe\":17}", "bad-entity", 1)]
    [InlineData("{\"subscribe\":\"a/b\"}", "bad-message", null)]
    [InlineData("{\"id\":1,\"ping\":false}", "bad-message", 1)]
    [InlineData("{\"resume\":5}", "bad-message", null)]
    [InlineData("{\"resume\":\"x\",\"after\":{\"nowhere\":1}}", "bad-message", null)]
    [InlineData("{\"resume\":\"x\",\"after\":3}", "bad-message", null)]
    public async Task A_message_that_makes_no_sense_is_a_typed_error_and_the_connection_lives_on(string text, string code, int? id)
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var answer = await socket.Ask(text);
        var error = answer.GetProperty("error");
        Assert.Equal((code, "no"), (error.GetProperty("code").GetString(), error.GetProperty("ran").GetString()));
        Assert.NotEqual("", error.GetProperty("next").GetString());
        Assert.Equal(id, answer.TryGetProperty("id", out var named) ? named.GetInt32() : null);
        Assert.Empty(host.Engine.Requests);
        Assert.Equal(99, (await socket.Ask(Good)).GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_message_is_said_at_once()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var error = (await socket.Ask("""{"id":1,"to":"X","op":"cast","key":7,"colour":"red","deadlineMs":"soon"}""")).GetProperty("error");
        var message = error.GetProperty("message").GetString()!;
        foreach (var part in (string[])["entity id", "'op'", "'key'", "'colour'", "'deadlineMs'"]) Assert.Contains(part, message);
    }

    [Fact]
    public async Task A_binary_message_is_a_typed_error()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Send([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Equal("bad-message", Code(await socket.Receive()));
        Assert.True((await socket.Ask(Good)).TryGetProperty("ok", out _));
    }

    [Fact]
    public async Task The_largest_message_is_served_and_one_byte_more_is_a_typed_error()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        const string frame = """{"id":1,"to":"a/b","op":"a.b","args":""}""";
        string Sized(int bytes) => frame.Insert(frame.Length - 2, new string('x', bytes - frame.Length));
        Assert.True((await socket.Ask(Sized(64 * 1024))).TryGetProperty("ok", out _));
        Assert.Equal("message-too-large", Code(await socket.Ask(Sized(64 * 1024 + 1))));
        Assert.Equal("message-too-large", Code(await socket.Ask(Sized(200_000))));
        Assert.True((await socket.Ask(Good)).TryGetProperty("ok", out _));
    }

    [Fact]
    public async Task A_message_without_end_closes_the_connection_with_a_status()
    {
        await using var host = await DoorHost.Start(o => o.MaxMessageBytes = 1024);
        using var socket = await TestSocket.Open(host);
        for (var i = 0; i < 20; i++) await socket.Send(new byte[1024], WebSocketMessageType.Text, end: false);
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, (await socket.ReceiveOrClose()).Status);
    }

    [Fact]
    public async Task Text_that_is_not_UTF_8_closes_the_connection()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        await socket.Send([0xFF, 0xFE, 0x80], WebSocketMessageType.Text);
        var closed = await Record.ExceptionAsync(async () => Assert.Null((await socket.ReceiveOrClose()).Text));
        Assert.True(closed is null or WebSocketException);
    }

    [Fact]
    public async Task Rubbish_without_end_closes_the_connection_with_a_status()
    {
        await using var host = await DoorHost.Start(o => o.MaxBadMessages = 3);
        using var socket = await TestSocket.Open(host);
        for (var i = 0; i < 3; i++) Assert.Equal("bad-json", Code(await socket.Ask("rubbish")));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, (await socket.ReceiveOrClose()).Status);
    }

    [Fact]
    public async Task A_deep_message_is_no_harm()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        Assert.Equal("bad-json", Code(await socket.Ask("""{"id":1,"to":"a/b","op":"a.b","args":""" + new string('[', 5000))));
    }

    [Fact]
    public async Task A_plain_request_to_the_socket_door_is_a_problem()
    {
        await using var host = await DoorHost.Start();
        using var response = await host.Http.GetAsync("/v1/socket");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_wrong_token_is_unauthorized()
    {
        await using var host = await DoorHost.Start();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(host.SocketAddress, "?token=forged"), CancellationToken.None));
        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    [Fact]
    public async Task One_socket_more_than_the_bound_is_refused_and_a_closed_one_makes_room()
    {
        await using var host = await DoorHost.Start(o => o.MaxConnections = 1);
        using var first = await TestSocket.Open(host);
        using var second = new ClientWebSocket();
        second.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(host.SocketAddress, CancellationToken.None));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.HttpStatusCode);
        await first.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        TestSocket? third = null;
        for (var i = 0; i < 1000 && third is null; i++)
            third = await Record.ExceptionAsync(async () => third = await TestSocket.Open(host)) is null ? third : null;
        Assert.NotNull(third);
        third.Dispose();
    }

    static string Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetString()!;
}
