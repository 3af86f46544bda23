using System.Net.WebSockets;

namespace Evergrain.Client;

/// <summary>The one writer of a socket: whoever finds it idle writes, everyone else queues. Without a connection nothing is queued;
/// calls are sent when the next connection opens.</summary>
internal sealed class SocketWriter
{
    readonly Lock gate = new();
    readonly Queue<OutgoingMessage> queue = [];
    WebSocket? socket;
    bool writing;

    public void Attach(WebSocket next)
    {
        lock (gate) socket = next;
    }

    public void Detach()
    {
        lock (gate)
        {
            socket = null;
            while (queue.TryDequeue(out var message)) message.Release();
        }
    }

    /// <summary>Takes the message if there is a connection.</summary>
    /// <param name="write">True when the caller must call <see cref="Write"/>, after letting go of its own locks.</param>
    public bool TryQueue(OutgoingMessage message, out bool write)
    {
        write = false;
        lock (gate)
        {
            if (socket is null) return false;
            message.Use();
            queue.Enqueue(message);
            if (!writing) write = writing = true;
            return true;
        }
    }

    public void Write()
    {
        while (TryNext(out var message, out var target))
        {
            ValueTask sending;
            try
            {
                sending = target.SendAsync(message.Bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
            catch (Exception exception) when (IsGone(exception))
            {
                sending = ValueTask.FromException(exception);
            }
            if (!sending.IsCompletedSuccessfully)
            {
                _ = WriteOn(sending, message, target);
                return;
            }
            sending.GetAwaiter().GetResult();
            message.Release();
        }
    }

    async Task WriteOn(ValueTask sending, OutgoingMessage message, WebSocket target)
    {
        try
        {
            await sending;
        }
        catch (Exception exception) when (IsGone(exception))
        {
            // The reading side finds the connection broken, resumes, and sends again what has no reply.
            target.Abort();
        }
        message.Release();
        Write();
    }

    bool TryNext(out OutgoingMessage message, out WebSocket target)
    {
        lock (gate)
        {
            target = socket!;
            if (queue.TryDequeue(out message!)) return true;
            return writing = false;
        }
    }

    static bool IsGone(Exception exception) =>
        exception is WebSocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException or IOException;
}
