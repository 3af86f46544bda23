using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using Evergrain.Client;
using Evergrain.Contracts;
using Evergrain.Gateway.Socket;
using Evergrain.Gateway.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Evergrain.Gateway.Tests;

public partial class GameSocketTests
{
    static readonly EntityId Room = new("battle", "room-17");

    [Fact]
    public async Task A_call_comes_back_with_result_version_and_epoch_and_the_epoch_is_sent_from_then_on()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Player = "alice" });
        var reply = await game.Call(Room, "battle.cast", """{"skill":"fireball"}"""u8.ToArray());
        Assert.Equal("""{"skill":"fireball"}"""u8.ToArray(), reply.Result.ToArray());
        Assert.Equal((new ModuleId("battle", "1.1.0"), 7, 7), (reply.Module, reply.Epoch, game.HighestEpoch));
        await game.Call(Room, "battle.cast");
        var requests = host.Engine.Requests.ToArray();
        Assert.Equal([0, 7], requests.Select(r => r.SeenEpoch));
        Assert.All(requests, r => Assert.Equal(("alice", 7), (r.Caller, r.Key!.Value.Version)));
        Assert.NotEqual(requests[0].Key, requests[1].Key);
    }

    [Fact]
    public async Task A_typed_call_reads_the_result_and_throws_the_typed_error()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress);
        var cast = await game.Call(Room, "battle.cast", new Cast("fireball"), TestJson.Default.Cast, TestJson.Default.Cast);
        Assert.Equal(new Cast("fireball"), cast);
        host.Engine.Answer = _ => new(CallReply.Failed(new CallError(ErrorCodes.Rejected, Ran.No, "Not now.", "Wait.") { Reason = "cooldown" }));
        var failed = await Assert.ThrowsAsync<CallFailedException>(async () => await game.Call(Room, "battle.cast", new Cast("x"), TestJson.Default.Cast, TestJson.Default.Cast));
        Assert.Equal((ErrorCodes.Rejected, "cooldown"), (failed.Error.Code, failed.Error.Reason));
    }

    [Fact]
    public async Task Raw_arguments_key_epoch_and_deadline_can_be_given()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = request => new(new CallReply { Result = request.Arguments, Raw = true });
        await using var game = await GameSocket.Connect(host.SocketAddress);
        var key = Guid.CreateVersion7();
        var reply = await game.Call(Room, "battle.raw", new byte[] { 1, 255 }, new CallOptions { Raw = true, Key = key, Epoch = 3, Deadline = TimeSpan.FromMilliseconds(250) });
        Assert.Equal([1, 255], reply.Result.ToArray());
        var request = host.Engine.Requests.Single();
        Assert.Equal((key, 3, host.Time.GetUtcNow().AddMilliseconds(250)), (request.Key!.Value, request.SeenEpoch, request.Deadline!.Value));
    }

    [Fact]
    public async Task Many_callers_on_one_socket_each_get_their_own_reply()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = async request =>
        {
            if (request.Arguments.Span[^1] % 2 == 0) await Task.Yield();
            return Engine.Echo(request);
        };
        await using var game = await GameSocket.Connect(host.SocketAddress);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var number = JsonSerializer.SerializeToUtf8Bytes(caller * 1000 + i);
                Assert.Equal(number, (await game.Call(Room, "battle.echo", number)).Result.ToArray());
            }
        })));
        Assert.Equal((3200, 0), (host.Engine.Requests.Count, game.InFlight));
    }

    [Fact]
    public async Task A_dropped_connection_is_resumed_and_the_call_in_flight_is_answered_once_and_ran_once()
    {
        await using var host = await DoorHost.Start();
        var held = new TaskCompletionSource<CallReply>();
        host.Engine.Answer = _ => new ValueTask<CallReply>(held.Task);
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { FirstPause = TimeSpan.FromMilliseconds(1) });
        var session = game.Session;
        var call = game.Call(Room, "battle.cast").AsTask();
        await Until.True(() => host.Engine.Requests.Count == 1);
        game.Drop();
        await Until.True(() => game.Reconnects == 1);
        held.SetResult(Engine.Ok("42"u8.ToArray()));
        Assert.Equal("42"u8.ToArray(), (await call).Result.ToArray());
        Assert.Equal((1, session), (host.Engine.Requests.Count, game.Session));
    }

    [Fact]
    public async Task When_the_session_is_gone_calls_are_sent_again_with_the_same_key_and_subscriptions_are_made_again()
    {
        await using var host = await DoorHost.Start();
        var held = new TaskCompletionSource<CallReply>();
        host.Engine.Answer = _ => new ValueTask<CallReply>(held.Task);
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { FirstPause = TimeSpan.FromMilliseconds(1) });
        var heard = new ConcurrentQueue<long>();
        var gaps = new ConcurrentQueue<EventGap>();
        await using var listening = await game.Subscribe(Room, happened => heard.Enqueue(happened.Sequence), gaps.Enqueue);
        host.Engine.Publish(Room, 1);
        await Until.True(() => heard.Count == 1);
        var call = game.Call(Room, "battle.cast").AsTask();
        await Until.True(() => host.Engine.Requests.Count == 1);
        var table = host.Services.GetRequiredService<SessionTable>();
        table.Forget(game.Session);
        game.Drop();
        await Until.True(() => host.Engine.Requests.Count == 2 && host.Engine.Listeners(Room) == 1);
        Assert.Single(host.Engine.Requests.Select(r => r.Key).Distinct());
        held.SetResult(Engine.Ok("42"u8.ToArray()));
        Assert.Equal("42"u8.ToArray(), (await call).Result.ToArray());
        host.Engine.Publish(Room, 4);
        await Until.True(() => heard.Count == 2);
        Assert.Equal(new EventGap(Room, 2, 3), Assert.Single(gaps));
    }

    [Fact]
    public async Task Without_a_key_a_call_that_may_have_run_is_not_sent_again()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => new ValueTask<CallReply>(new TaskCompletionSource<CallReply>().Task);
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Keys = false, FirstPause = TimeSpan.FromMilliseconds(1) });
        var call = game.Call(Room, "battle.cast").AsTask();
        await Until.True(() => host.Engine.Requests.Count == 1);
        host.Services.GetRequiredService<SessionTable>().Forget(game.Session);
        game.Drop();
        var error = (await call).Error!;
        Assert.Equal((ErrorCodes.ConnectionLost, Ran.Unknown), (error.Code, error.Ran));
        Assert.Single(host.Engine.Requests);
    }

    [Fact]
    public async Task Events_go_on_after_a_drop_without_loss_or_repetition()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { FirstPause = TimeSpan.FromMilliseconds(1) });
        var heard = new ConcurrentQueue<long>();
        await using var listening = await game.Subscribe(Room, happened => heard.Enqueue(happened.Sequence), gap => Assert.Fail($"{gap}"));
        for (var drop = 0; drop < 5; drop++)
        {
            for (var i = 1; i <= 10; i++) host.Engine.Publish(Room, drop * 20 + i);
            game.Drop();
            for (var i = 11; i <= 20; i++) host.Engine.Publish(Room, drop * 20 + i);
            await Until.True(() => heard.Count == (drop + 1) * 20);
        }
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), heard);
    }

    [Fact]
    public async Task The_last_listener_of_an_entity_ends_the_subscription()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress);
        var first = await game.Subscribe(Room, _ => { });
        var second = await game.Subscribe(Room, _ => { });
        Assert.Equal(1, host.Engine.Listeners(Room));
        await first.DisposeAsync();
        Assert.Equal(1, host.Engine.Listeners(Room));
        await second.DisposeAsync();
        Assert.Equal(0, host.Engine.Listeners(Room));
    }

    [Fact]
    public async Task Events_can_be_read_as_a_stream()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress);
        await using var stream = game.Events(Room).GetAsyncEnumerator();
        var first = stream.MoveNextAsync();
        await Until.True(() => host.Engine.Listeners(Room) == 1);
        host.Engine.Publish(Room, 9, "[1]");
        Assert.True(await first);
        Assert.Equal((Room, 9, "battle.hit", "[1]"), (stream.Current.From, stream.Current.Sequence, stream.Current.Name, System.Text.Encoding.UTF8.GetString(stream.Current.Data.Span)));
    }

    [Fact]
    public async Task A_refused_subscription_throws()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress);
        var refused = await Assert.ThrowsAsync<CallFailedException>(async () => await game.Subscribe(new EntityId("unknown", "x"), _ => { }));
        Assert.Equal(ErrorCodes.UnknownKind, refused.Error.Code);
    }

    [Fact]
    public async Task A_call_without_reply_is_given_up_after_deadline_and_patience()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => new ValueTask<CallReply>(new TaskCompletionSource<CallReply>().Task);
        var time = new ManualTime();
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Time = time, Deadline = TimeSpan.FromSeconds(3) });
        var call = game.Call(Room, "battle.cast").AsTask();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        var error = (await call).Error!;
        Assert.Equal((ErrorCodes.Deadline, Ran.Unknown), (error.Code, error.Ran));
    }

    [Fact]
    public async Task The_answer_to_rubbish_is_told_and_the_socket_lives_on()
    {
        await using var host = await DoorHost.Start();
        var told = new TaskCompletionSource<CallError>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { OnError = told.SetResult });
        game.SendText("rubbish");
        Assert.Equal(ErrorCodes.BadJson, (await told.Task).Code);
        await game.Ping();
    }

    [Fact]
    public async Task A_paused_reader_gets_what_it_missed_when_it_goes_on()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress);
        game.PauseReading();
        var calls = Enumerable.Range(0, 10).Select(_ => game.Call(Room, "battle.cast").AsTask()).ToArray();
        await Until.True(() => host.Engine.Requests.Count == 10);
        Assert.True(calls.Count(c => c.IsCompleted) <= 1);
        game.ContinueReading();
        Assert.All(await Task.WhenAll(calls), reply => Assert.True(reply.Ok));
    }

    [Fact]
    public async Task Nobody_there_and_wrong_tokens_are_typed_errors()
    {
        await using var host = await DoorHost.Start();
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Token = "forged" }));
        Assert.Equal(ErrorCodes.Unauthorized, refused.Error.Code);
        var name = await Assert.ThrowsAsync<CallFailedException>(() => GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Player = "a/b" }));
        Assert.Equal(ErrorCodes.BadRequest, name.Error.Code);
        var address = host.SocketAddress;
        await host.Stop();
        var nobody = await Assert.ThrowsAsync<CallFailedException>(() => GameSocket.Connect(address));
        var nobodyForLogin = await Assert.ThrowsAsync<CallFailedException>(() => GameSocket.Connect(address, new GameSocketOptions { Player = "alice" }));
        Assert.Equal((ErrorCodes.ConnectionLost, ErrorCodes.ConnectionLost), (nobody.Error.Code, nobodyForLogin.Error.Code));
    }

    [Fact]
    public async Task When_nobody_comes_back_calls_end_with_connection_lost()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => new ValueTask<CallReply>(new TaskCompletionSource<CallReply>().Task);
        await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Reconnects = 2, FirstPause = TimeSpan.FromMilliseconds(1) });
        var call = game.Call(Room, "battle.cast").AsTask();
        await Until.True(() => host.Engine.Requests.Count == 1);
        await host.Stop();
        Assert.Equal((ErrorCodes.ConnectionLost, Ran.Unknown), ((await call).Error!.Code, (await call).Error!.Ran));
        await game.Closed;
        var later = (await game.Call(Room, "battle.cast")).Error!;
        Assert.Equal((ErrorCodes.ConnectionLost, Ran.No), (later.Code, later.Ran));
    }

    [Fact]
    public async Task A_disposed_socket_says_goodbye_and_ends_its_calls()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => new ValueTask<CallReply>(new TaskCompletionSource<CallReply>().Task);
        var game = await GameSocket.Connect(host.SocketAddress);
        var call = game.Call(Room, "battle.cast").AsTask();
        await Until.True(() => host.Engine.Requests.Count == 1);
        await game.DisposeAsync();
        Assert.Equal(ErrorCodes.ConnectionLost, (await call).Error!.Code);
        await Until.True(() => host.Services.GetRequiredService<SessionTable>().Count == 0);
    }

    [Fact]
    public async Task A_listener_that_throws_ends_the_socket_and_is_named()
    {
        await using var host = await DoorHost.Start();
        await using var game = await GameSocket.Connect(host.SocketAddress);
        await game.Subscribe(Room, _ => throw new InvalidTimeZoneException("the listener"));
        host.Engine.Publish(Room, 1);
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => game.Closed);
        Assert.Equal(ErrorCodes.Internal, (await game.Call(Room, "battle.cast")).Error!.Code);
    }

    [Fact]
    public async Task Keys_come_from_the_given_clock_and_chance()
    {
        await using var host = await DoorHost.Start();
        for (var i = 0; i < 2; i++)
        {
            await using var game = await GameSocket.Connect(host.SocketAddress, new GameSocketOptions { Time = new ManualTime(), Random = new Random(17) });
            await game.Call(Room, "battle.cast");
        }
        Assert.Single(host.Engine.Requests.Select(r => r.Key).Distinct());
    }

    public sealed record Cast(string Skill);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Cast))]
    internal sealed partial class TestJson : JsonSerializerContext;
}
