using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Gateway.Tests.Fakes;

namespace Evergrain.Gateway.Tests;

public class SocketCallTests
{
    const string Cast = """{"id":1,"to":"battle/room-17","op":"battle.cast","args":{"skill":"fireball"}}""";

    [Fact]
    public async Task A_call_that_completes_at_once_is_answered_with_result_version_and_epoch()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var reply = await socket.Ask(Cast);
        Assert.Equal("""{"id":1,"ok":{"skill":"fireball"},"version":"battle@1.1.0","epoch":7}""", reply.GetRawText());
    }

    [Fact]
    public async Task Calls_that_complete_later_are_answered_as_they_complete()
    {
        await using var host = await DoorHost.Start();
        var (first, second) = (new TaskCompletionSource<CallReply>(), new TaskCompletionSource<CallReply>());
        var answers = new Queue<TaskCompletionSource<CallReply>>([first, second]);
        host.Engine.Answer = _ => new ValueTask<CallReply>(answers.Dequeue().Task);
        using var socket = await TestSocket.Open(host);
        await socket.Send("""{"id":1,"to":"a/b","op":"a.b"}""");
        await socket.Send("""{"id":2,"to":"a/b","op":"a.b"}""");
        await Until.True(() => host.Engine.Requests.Count == 2);
        second.SetResult(Engine.Ok("2"u8.ToArray()));
        Assert.Equal(2, (await socket.Receive()).GetProperty("id").GetInt64());
        first.SetResult(Engine.Ok("1"u8.ToArray()));
        Assert.Equal(1, (await socket.Receive()).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Key_epoch_deadline_and_caller_reach_the_engine()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var key = Guid.CreateVersion7();
        await socket.Ask($$"""{"deadlineMs":250,"epoch":9,"key":"{{key}}","op":"battle.cast","to":"battle/room-17","id":1}""");
        Assert.True(host.Engine.Requests.TryDequeue(out var request));
        Assert.Equal((key, 9, "anonymous"), (request.Key!.Value, request.SeenEpoch, request.Caller));
        Assert.Equal(host.Time.GetUtcNow().AddMilliseconds(250), request.Deadline);
        Assert.Equal(EntityId.Parse("battle/room-17"), request.Entity);
        Assert.True(request.Arguments.IsEmpty);
    }

    [Fact]
    public async Task Raw_bytes_travel_as_base64()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = request => new(new CallReply { Result = request.Arguments, Raw = true });
        using var socket = await TestSocket.Open(host);
        var reply = await socket.Ask("""{"id":1,"to":"a/b","op":"a.b","raw":"AQID"}""");
        Assert.Equal("AQID", reply.GetProperty("raw").GetString());
        Assert.Equal([1, 2, 3], host.Engine.Requests.Single().Arguments.ToArray());
    }

    [Fact]
    public async Task An_error_of_the_engine_is_passed_on_whole()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => new(CallReply.Failed(new CallError(ErrorCodes.Rejected, Ran.No, "Not now.", "Wait.") { Reason = "battle/cooldown", RetryAfterMs = 5 }, epoch: 3));
        using var socket = await TestSocket.Open(host);
        var reply = await socket.Ask(Cast);
        Assert.Equal("""{"id":1,"error":{"code":"rejected","ran":"no","message":"Not now.","next":"Wait.","reason":"battle/cooldown","retryAfterMs":5},"epoch":3}""", reply.GetRawText());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_engine_that_throws_is_answered_internal_and_ran_unknown(bool atOnce)
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => atOnce ? throw new InvalidOperationException("secret") : ValueTask.FromException<CallReply>(new InvalidOperationException("secret"));
        using var socket = await TestSocket.Open(host);
        var error = (await socket.Ask(Cast)).GetProperty("error");
        Assert.Equal(("internal", "unknown"), (error.GetProperty("code").GetString(), error.GetProperty("ran").GetString()));
        Assert.DoesNotContain("secret", error.GetRawText());
        host.Engine.Answer = request => new(Engine.Echo(request));
        Assert.True((await socket.Ask(Cast)).TryGetProperty("ok", out _));
    }

    [Fact]
    public async Task One_call_more_than_the_bound_is_answered_too_many_in_flight_and_the_others_go_on()
    {
        await using var host = await DoorHost.Start(o => o.MaxInFlight = 2);
        var held = new TaskCompletionSource<CallReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Engine.Answer = _ => new ValueTask<CallReply>(held.Task);
        using var socket = await TestSocket.Open(host);
        for (var id = 1; id <= 3; id++) await socket.Send($$"""{"id":{{id}},"to":"a/b","op":"a.b"}""");
        var refused = await socket.Receive();
        Assert.Equal((3, "too-many-in-flight"), (refused.GetProperty("id").GetInt64(), refused.GetProperty("error").GetProperty("code").GetString()));
        held.SetResult(Engine.Ok("1"u8.ToArray()));
        var answered = new HashSet<long> { (await socket.Receive()).GetProperty("id").GetInt64(), (await socket.Receive()).GetProperty("id").GetInt64() };
        Assert.Equal([1, 2], answered.Order());
        Assert.Equal(2, host.Engine.Requests.Count);
    }

    [Fact]
    public async Task An_id_that_is_still_running_cannot_be_used_again()
    {
        await using var host = await DoorHost.Start();
        var held = new TaskCompletionSource<CallReply>();
        host.Engine.Answer = _ => new ValueTask<CallReply>(held.Task);
        using var socket = await TestSocket.Open(host);
        await socket.Send(Cast);
        var refused = await socket.Ask(Cast);
        Assert.False(refused.TryGetProperty("id", out _));
        Assert.Equal("bad-message", refused.GetProperty("error").GetProperty("code").GetString());
        held.SetResult(Engine.Ok("1"u8.ToArray()));
        Assert.Equal(1, (await socket.Receive()).GetProperty("ok").GetInt32());
    }

    [Fact]
    public async Task A_ping_is_answered_with_a_pong()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        Assert.Equal("""{"id":4,"pong":true}""", (await socket.Ask("""{"id":4,"ping":true}""")).GetRawText());
    }

    [Fact]
    public async Task A_thousand_calls_in_a_row_are_each_answered_once_and_in_order()
    {
        await using var host = await DoorHost.Start();
        using var socket = await TestSocket.Open(host);
        var sending = Task.Run(async () =>
        {
            for (var id = 0; id < 1000; id++) await socket.Send($$"""{"id":{{id}},"to":"a/b","op":"a.b","args":{{id}}}""");
        });
        for (var id = 0; id < 1000; id++)
        {
            var reply = await socket.Receive();
            Assert.Equal((id, id), (reply.GetProperty("id").GetInt32(), reply.GetProperty("ok").GetInt32()));
        }
        await sending;
    }
}
