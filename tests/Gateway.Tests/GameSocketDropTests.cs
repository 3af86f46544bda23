using System.Collections.Concurrent;
using System.Text.Json;
using Evergrain.Client;
using Evergrain.Contracts;
using Evergrain.Gateway.Tests.Fakes;

namespace Evergrain.Gateway.Tests;

public class GameSocketDropTests
{
    static readonly EntityId Room = new("battle", "room-17");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_drops_each_call_is_answered_with_its_own_result_under_one_key(int seed)
    {
        await using var host = await DoorHost.Start();
        var ran = new ConcurrentDictionary<Guid, int>();
        var random = new Random(seed);
        host.Engine.Answer = async request =>
        {
            bool later;
            lock (random) later = random.Next(2) == 0;
            if (later) await Task.Yield();
            ran.AddOrUpdate(request.Key!.Value, 1, (_, times) => times + 1);
            return Engine.Echo(request);
        };
        await using var game = await GameSocket.Connect(host.SocketAddress,
            new GameSocketOptions { FirstPause = TimeSpan.FromMilliseconds(1), Reconnects = 100, Resends = 100, Random = new Random(seed) });
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 150; i++)
            {
                var number = JsonSerializer.SerializeToUtf8Bytes(caller * 1000 + i);
                var reply = await game.Call(Room, "battle.echo", number);
                Assert.True(reply.Ok, reply.Error?.ToString());
                Assert.Equal(number, reply.Result.ToArray());
            }
        })).ToArray();
        var all = Task.WhenAll(callers);
        for (var drops = 1; drops <= 20 && !all.IsCompleted; drops++)
        {
            game.Drop();
            await Until.True(() => game.Reconnects >= drops || all.IsCompleted);
        }
        await all;
        Assert.Equal((1200, 0), (ran.Count, game.InFlight));
        // A key that arrives again is a repetition after a drop, which a real engine's window makes run once.
        Assert.All(ran, run => Assert.InRange(run.Value, 1, 21));
    }
}
