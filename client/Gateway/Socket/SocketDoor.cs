using System.Net.WebSockets;
using Evergrain.Contracts;
using Evergrain.Gateway.Players;
using Evergrain.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Evergrain.Gateway.Socket;

/// <summary><c>GET /v1/socket</c>: opens a WebSocket.</summary>
internal sealed class SocketDoor(PlayerTokens tokens, SessionTable sessions, GatewayOptions options, IHostApplicationLifetime lifetime)
{
    int open;

    public async Task Open(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await ProblemWriter.Write(context, ErrorCodes.BadRequest, "This door takes WebSockets only.", "Open it as ws://…/v1/socket.");
            return;
        }
        var player = tokens.Caller(context);
        try
        {
            if (Interlocked.Increment(ref open) > options.MaxConnections)
                await ProblemWriter.Write(context, new CallError(ErrorCodes.TooManyConnections, Ran.No,
                    $"{options.MaxConnections} sockets are open.", "Try again later, or at another gateway.") { RetryAfterMs = 1000 });
            else
                await Serve(context, player);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    async Task Serve(HttpContext context, string player)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var goodbye = lifetime.ApplicationStopping.Register(() => _ = SayGoodbye(socket));
        await new SocketConnection(socket, sessions, sessions.Begin(player)).Run();
    }

    /// <summary>Tells the client to go elsewhere; its answer ends the receive loop.</summary>
    async Task SayGoodbye(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), sessions.Services.Time);
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "the host stops", patience.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, patience.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Gone already, or it did not answer in time: either way there is nobody left to be polite to.
            socket.Abort();
        }
    }
}
