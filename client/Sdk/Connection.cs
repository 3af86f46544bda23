using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>One WebSocket of a game socket: opens it and reads whole messages from it.</summary>
internal sealed class Connection : IDisposable
{
    const int SmallBuffer = 4096;

    readonly ClientWebSocket socket = new();
    readonly ServerMessageReader reader = new();
    readonly int maxBytes;
    byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);

    Connection(int maxBytes) => this.maxBytes = maxBytes;

    public WebSocket Socket => socket;

    /// <exception cref="CallFailedException"><c>unauthorized</c>: a further try makes no sense.</exception>
    /// <exception cref="WebSocketException">A further try may.</exception>
    public static async Task<Connection> Open(Uri address, string? token, GameSocketOptions options, CancellationToken cancellation)
    {
        var connection = new Connection(options.MaxMessageBytes);
        var socket = connection.socket;
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            if (token is not null) socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(address, either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            if (exception is WebSocketException && socket.HttpStatusCode == HttpStatusCode.Unauthorized)
                throw new CallFailedException(new CallError(ErrorCodes.Unauthorized, Ran.No, "The gateway does not take the session token.", "Log in again."));
            if (exception is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new WebSocketException(WebSocketError.Faulted, $"No connection within {options.ConnectTimeout}.");
            throw;
        }
    }

    /// <summary>Null when the server closed the connection.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ServerMessage?> Receive()
    {
        var filled = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None).ConfigureAwait(false);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                if (socket.State == WebSocketState.CloseReceived)
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(false);
                return null;
            }
            filled += received.Count;
            if (received.EndOfMessage) return Read(filled);
            if (filled >= maxBytes) throw new WebSocketException(WebSocketError.Faulted, $"The server sent a message of more than {maxBytes} bytes.");
            if (filled == buffer.Length) Replace(buffer.Length * 2, filled);
        }
    }

    public ValueTask Send(OutgoingMessage message) =>
        socket.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    public void Dispose()
    {
        socket.Dispose();
        if (Interlocked.Exchange(ref buffer, []) is { Length: > 0 } rented) ArrayPool<byte>.Shared.Return(rented);
    }

    ServerMessage Read(int length)
    {
        try
        {
            var message = reader.Read(buffer.AsSpan(0, length));
            if (buffer.Length > 4 * SmallBuffer) Replace(SmallBuffer, 0);
            return message;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new WebSocketException(WebSocketError.Faulted, "The server sent a message that is none of an Evergrain gateway.", exception);
        }
    }

    void Replace(int size, int keep)
    {
        var next = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, keep).CopyTo(next);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = next;
    }
}
