using Evergrain.Bots.Talking;
using Evergrain.Contracts;

namespace Evergrain.Bots.Tests.Table;

/// <summary>A player's line to the table: 5 ms each way; while it does not read, events wait, and of more than 64 the oldest are dropped.</summary>
sealed class TableLine(TableServer server, string player) : IGameLine
{
    const int Buffer = 64;
    static readonly TimeSpan Way = TimeSpan.FromMilliseconds(5);

    readonly Queue<Action> waiting = [];
    bool reading = true;

    public long HighestEpoch { get; private set; }

    public async Task<CallReply?> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments, Guid key)
    {
        await Task.Delay(Way, server.Time);
        var reply = server.Call(player, to, operation, arguments, key);
        await Task.Delay(Way, server.Time);
        HighestEpoch = Math.Max(HighestEpoch, reply?.Epoch ?? 0);
        return reply;
    }

    public async Task<IAsyncDisposable> Subscribe(EntityId entity, Action<GameEvent> onEvent)
    {
        await Task.Delay(Way, server.Time);
        server.Listen(entity, onEvent, this);
        return new Ear(() => server.Forget(entity, this));
    }

    public void Hear(GameEvent happened, Action<GameEvent> onEvent)
    {
        if (reading)
        {
            onEvent(happened);
            return;
        }
        waiting.Enqueue(() => onEvent(happened));
        if (waiting.Count > Buffer) waiting.Dequeue();
    }

    public void Drop()
    {
        // A line without a wire cannot break; the drop is played on real sockets.
    }

    public void StopReading() => reading = false;

    public void ReadOn()
    {
        reading = true;
        while (waiting.TryDequeue(out var next)) next();
    }

    public void SendRubbish(string text) => Assert.NotEmpty(text);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class Ear(Action end) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            end();
            return ValueTask.CompletedTask;
        }
    }
}
