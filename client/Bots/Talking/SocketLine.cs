using Evergrain.Client;
using Evergrain.Contracts;

namespace Evergrain.Bots.Talking;

/// <summary>A line over the game socket of <c>client/Sdk</c>.</summary>
internal sealed class SocketLine : IGameLine
{
    // Enough to try for longer than a call may take to be answered.
    const int Reconnects = 200;

    readonly BotOptions options;
    readonly TimeProvider time;
    readonly GameSocket socket;

    SocketLine(BotOptions options, TimeProvider time, GameSocket socket) => (this.options, this.time, this.socket) = (options, time, socket);

    /// <exception cref="CallFailedException">The login was refused, or nobody answers.</exception>
    public static async Task<IGameLine> Open(BotOptions options, TimeProvider time, HttpClient http, string player, Random random, Action<string> onStray, CancellationToken cancellation)
    {
        var socket = await GameSocket.Connect(SocketAddress(options.Server), new GameSocketOptions
        {
            Player = player,
            Deadline = options.Deadline,
            Patience = options.LostAfter,
            Reconnects = Reconnects,
            Resends = Reconnects,
            LongestPause = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(30),
            OnStrayReply = reply => onStray($"{player} got {reply.Error?.Code ?? "a result"} of {reply.Module} at epoch {reply.Epoch}"),
            Time = time,
            Random = random,
            Http = http,
        }, cancellation).ConfigureAwait(false);
        return new SocketLine(options, time, socket);
    }

    public static HttpClient Http() =>
        new(new SocketsHttpHandler { MaxConnectionsPerServer = 128, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10) }) { Timeout = TimeSpan.FromSeconds(60) };

    public long HighestEpoch => socket.HighestEpoch;

    public async Task<CallReply?> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments, Guid key)
    {
        var sentAt = time.GetTimestamp();
        var reply = await socket.Call(to, operation, arguments, new CallOptions { Key = key }).ConfigureAwait(false);
        return IsLost(reply.Error, time.GetElapsedTime(sentAt)) ? null : reply;
    }

    public async Task<IAsyncDisposable> Subscribe(EntityId entity, Action<GameEvent> onEvent) =>
        await socket.Subscribe(entity, onEvent).ConfigureAwait(false);

    public void Drop() => socket.Drop();
    public void StopReading() => socket.PauseReading();
    public void ReadOn() => socket.ContinueReading();

    public void SendRubbish(string text)
    {
        try
        {
            socket.SendText(text);
        }
        catch (CallFailedException failed) when (failed.Error.Code == ErrorCodes.ConnectionLost)
        {
            // There is just no connection to send it over; it is rubbish, so nobody misses it.
        }
    }

    public ValueTask DisposeAsync() => socket.DisposeAsync();

    // The socket itself gives up with these two codes; a deadline that the server told of comes earlier.
    bool IsLost(CallError? error, TimeSpan after) =>
        error?.Code == ErrorCodes.ConnectionLost || error?.Code == ErrorCodes.Deadline && after >= options.Deadline + options.LostAfter;

    static Uri SocketAddress(Uri server) => new UriBuilder(server)
    {
        Scheme = server.Scheme == "https" ? "wss" : "ws",
        Path = server.AbsolutePath.TrimEnd('/') + "/v1/socket",
    }.Uri;
}
