using System.Net.WebSockets;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>Reads one connection after the other: when one breaks it opens the next and resumes the session there.</summary>
internal sealed class ConnectionLoop(Uri address, string? token, GameSocketOptions options, CallTable calls, SocketWriter writer, EventHub events)
{
    readonly CancellationTokenSource stop = new();
    readonly Random jitter = new(options.Random?.Next() ?? Environment.TickCount);
    Connection? current;
    volatile TaskCompletionSource? pause;
    int reconnects;

    public string Session { get; private set; } = "";
    public int Reconnects => Volatile.Read(ref reconnects);

    /// <exception cref="CallFailedException"><c>unauthorized</c>, or <c>connection-lost</c> when nobody answers.</exception>
    public async Task Connect(CancellationToken cancellation)
    {
        try
        {
            var connection = await Connection.Open(address, token, options, cancellation).ConfigureAwait(false);
            current = connection;
            while (Session.Length == 0)
                Session = await Next(connection).ConfigureAwait(false) is { Welcome: { } welcome } ? welcome : "";
            calls.Open(connection.Socket, stillRunning: null);
        }
        catch (WebSocketException exception)
        {
            current?.Dispose();
            throw new CallFailedException(Unreachable(exception.Message));
        }
    }

    /// <summary>Returns when the socket was closed for good.</summary>
    public async Task Run()
    {
        try
        {
            while (current is { } connection)
            {
                await ReadAll(connection).ConfigureAwait(false);
                writer.Detach();
                current = null;
                connection.Dispose();
                if (!stop.IsCancellationRequested) current = await Reopen().ConfigureAwait(false);
                // Set first, asked after: a stop that came between either sees the new connection or is seen here.
                if (stop.IsCancellationRequested) current?.Socket.Abort();
            }
            calls.Close(new CallError(ErrorCodes.ConnectionLost, Ran.No, "The connection is closed.", "Connect again."));
        }
        catch (Exception exception)
        {
            calls.Close(new CallError(ErrorCodes.Internal, Ran.No, $"A listener or the client failed: {exception.Message}", "Look at the Closed task of the socket."));
            throw;
        }
        finally
        {
            writer.Detach();
            current?.Dispose();
        }
    }

    public void Drop() => current?.Socket.Abort();

    public void Pause() => pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Continue()
    {
        var paused = pause;
        pause = null;
        paused?.TrySetResult();
    }

    /// <summary>Says goodbye; <see cref="Run"/> ends when the server has answered, or after a second.</summary>
    public async Task Stop()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        Continue();
        if (current?.Socket is not { } socket) return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), options.Time);
        using var cut = patience.Token.Register(socket.Abort);
        try
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            socket.Abort();
        }
    }

    async Task ReadAll(Connection connection)
    {
        try
        {
            while (true)
            {
                if (pause is { } paused) await paused.Task.ConfigureAwait(false);
                if (await connection.Receive().ConfigureAwait(false) is not { } message) return;
                Handle(message);
            }
        }
        catch (Exception exception) when (IsBroken(exception))
        {
            // Broken or aborted: what waits for a reply stays in the table for the next connection.
            connection.Socket.Abort();
        }
    }

    async Task<Connection?> Reopen()
    {
        for (var attempt = 0; attempt < options.Reconnects; attempt++)
        {
            Connection? connection = null;
            try
            {
                await Task.Delay(PauseBefore(attempt), options.Time, stop.Token).ConfigureAwait(false);
                connection = await Connection.Open(address, token, options, stop.Token).ConfigureAwait(false);
                await Resume(connection).ConfigureAwait(false);
                Interlocked.Increment(ref reconnects);
                return connection;
            }
            catch (Exception exception) when (IsBroken(exception) || exception is CallFailedException)
            {
                writer.Detach();
                connection?.Dispose();
                if (stop.IsCancellationRequested) return null;
                if (exception is CallFailedException { Error: var refused })
                {
                    options.OnError?.Invoke(refused);
                    return null;
                }
            }
        }
        return null;
    }

    async Task Resume(Connection connection)
    {
        var resume = ClientMessages.Resume(Session, events.HeardSoFar());
        await connection.Send(resume).ConfigureAwait(false);
        resume.Release();
        var fresh = Session;
        while (true)
        {
            var message = await Next(connection).ConfigureAwait(false);
            if (message.Welcome is { } welcome) fresh = welcome;
            else if (message.Resumed is not null)
            {
                calls.Open(connection.Socket, message.InFlight);
                return;
            }
            else if (message.Id is null && message.Error?.Code == ErrorCodes.SessionGone) break;
        }
        Session = fresh;
        calls.Open(connection.Socket, stillRunning: null);
        foreach (var entity in events.Entities()) _ = HearAgain(entity);
    }

    async Task HearAgain(EntityId entity)
    {
        var reply = await calls.Ask(id => ClientMessages.Subscribe(id, entity)).ConfigureAwait(false);
        if (reply.Error is { } error) options.OnError?.Invoke(error);
    }

    async ValueTask<ServerMessage> Next(Connection connection)
    {
        if (await connection.Receive().ConfigureAwait(false) is not { } message)
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, "The server closed the connection.");
        Handle(message);
        return message;
    }

    void Handle(in ServerMessage message)
    {
        if (message.Id is { } id)
        {
            var reply = message.Reply();
            if (!calls.Answer(id, reply)) options.OnStrayReply?.Invoke(reply);
        }
        else if (message.Event is { } name)
        {
            calls.Saw(message.Epoch);
            events.Heard(new GameEvent(message.Entity, message.Sequence, name, message.Data, message.Module, message.Epoch));
        }
        else if (message.IsGap) events.Missed(new EventGap(message.Entity, message.First, message.Last));
        else if (message.Error is { } error) options.OnError?.Invoke(error);
    }

    TimeSpan PauseBefore(int attempt)
    {
        var pause = Math.Min(options.LongestPause.TotalMilliseconds, options.FirstPause.TotalMilliseconds * Math.Pow(2, attempt));
        return TimeSpan.FromMilliseconds(pause * (1 - jitter.NextDouble() / 2));
    }

    static bool IsBroken(Exception exception) =>
        exception is WebSocketException or ObjectDisposedException or OperationCanceledException or IOException or InvalidOperationException;

    CallError Unreachable(string why) =>
        new(ErrorCodes.ConnectionLost, Ran.No, $"No connection to {address}: {why}", "Check that the host runs and that the address is its own.");
}
