using System.Buffers;
using System.Net.WebSockets;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>One WebSocket: reads its messages one after the other and hands them to the session.</summary>
internal sealed class SocketConnection(WebSocket socket, SessionTable sessions, Session begun)
{
    const int SmallBuffer = 4096;
    const int RefuseBeyond = 16;

    readonly MessageParser parser = new();
    readonly GatewayOptions options = sessions.Services.Options;
    byte[] buffer = ArrayPool<byte>.Shared.Rent(SmallBuffer);
    Session session = begun;
    bool first = true;
    int badInARow;

    /// <summary>Returns when the connection is over.</summary>
    public async Task Run()
    {
        session.Begin(socket);
        var over = false;
        try
        {
            over = await Read();
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The connection broke; the session stays for a resume.
            over = false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (over) sessions.End(session);
            else sessions.Dropped(session, socket);
        }
    }

    /// <returns>True when the client said that it is done.</returns>
    async Task<bool> Read()
    {
        var filled = 0;
        long length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) return await Closed();
            length += received.Count;
            // What is too large is read over and forgotten, so that the connection lives on.
            filled = length > options.MaxMessageBytes ? 0 : filled + received.Count;
            if (!received.EndOfMessage)
            {
                if (length > (long)options.MaxMessageBytes * RefuseBeyond)
                    return await Refuse(WebSocketCloseStatus.MessageTooBig, ErrorCodes.MessageTooLarge);
                if (filled == buffer.Length) Grow();
                continue;
            }
            Handle(received.MessageType, length, filled);
            if (badInARow >= options.MaxBadMessages) return await Refuse(WebSocketCloseStatus.PolicyViolation, ErrorCodes.BadMessage);
            (filled, length) = (0, 0);
            if (buffer.Length > 2 * SmallBuffer) Replace(SmallBuffer, keep: 0);
            if (session.Outbound.IsFull) await session.Outbound.Room();
        }
    }

    void Handle(WebSocketMessageType type, long length, int filled)
    {
        ClientMessage message = default;
        var error =
            length > options.MaxMessageBytes ? new CallError(ErrorCodes.MessageTooLarge, Ran.No, $"The message has {length} bytes; {options.MaxMessageBytes} are possible.", "Send less.")
            : type == WebSocketMessageType.Binary ? new CallError(ErrorCodes.BadMessage, Ran.No, "The message is binary.", "Send JSON as text; bytes go as base64 in 'raw'.")
            : parser.Parse(buffer.AsSpan(0, filled), out message);
        if (error is not null)
        {
            badInARow++;
            session.Outbound.Post(ServerMessages.Failed(message.Id, error));
            return;
        }
        badInARow = 0;
        Serve(message);
        first = false;
    }

    void Serve(in ClientMessage message)
    {
        switch (message.Kind)
        {
            case MessageKind.Call: session.Call(message); break;
            case MessageKind.Subscribe: session.Subscribe(message.Id!.Value, message.Entity); break;
            case MessageKind.Unsubscribe: session.Unsubscribe(message.Id!.Value, message.Entity); break;
            case MessageKind.Ping: session.Outbound.Post(ServerMessages.Pong(message.Id)); break;
            case MessageKind.Resume: Resume(message); break;
        }
    }

    void Resume(in ClientMessage message)
    {
        if (!first)
        {
            session.Outbound.Post(ServerMessages.Failed(null, new CallError(ErrorCodes.BadMessage, Ran.No,
                "A resume is the first message of a connection.", "Connect again and resume before anything else.")));
            return;
        }
        var fresh = session;
        fresh.Outbound.Detach(socket);
        if (sessions.TryResume(message.Session!, fresh.Player, socket, message.After, out var resumed))
        {
            session = resumed;
            sessions.End(fresh);
            return;
        }
        var gone = new CallError(ErrorCodes.SessionGone, Ran.No, $"There is no session '{message.Session}' of player '{fresh.Player}' to resume.",
            "Go on with the session of the welcome: subscribe again, and send calls without reply again with their keys.");
        fresh.Outbound.Attach(socket, [], () => ServerMessages.Failed(null, gone));
    }

    async Task<bool> Closed()
    {
        // Abort comes after the answer, or the client would see a broken connection instead.
        if (socket.State == WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return socket.CloseStatus == WebSocketCloseStatus.NormalClosure;
    }

    async Task<bool> Refuse(WebSocketCloseStatus status, string code)
    {
        await socket.CloseOutputAsync(status, code, CancellationToken.None);
        return true;
    }

    void Grow() => Replace(Math.Min(buffer.Length * 2, Math.Max(options.MaxMessageBytes + 1, buffer.Length + 1)), keep: buffer.Length);

    void Replace(int size, int keep)
    {
        var next = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, keep).CopyTo(next);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = next;
    }
}
