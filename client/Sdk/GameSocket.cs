using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>A player's connection to the game. It outlives its TCP connections: it reconnects, resumes its session, and sends calls without reply again
/// under the same idempotency key. Safe from any thread.</summary>
public sealed class GameSocket : IEntityCaller, IAsyncDisposable
{
    const int BufferedEvents = 64;
    static readonly TimeSpan GiveUpPeriod = TimeSpan.FromSeconds(1);

    readonly CallTable calls;
    readonly SocketWriter writer = new();
    readonly EventHub events = new();
    readonly ConnectionLoop loop;
    readonly ITimer giveUp;
    int disposed;

    GameSocket(Uri address, string? token, GameSocketOptions options)
    {
        Token = token;
        calls = new CallTable(options, writer);
        loop = new ConnectionLoop(address, token, options, calls, writer, events);
        giveUp = options.Time.CreateTimer(_ => calls.GiveUp(), null, GiveUpPeriod, GiveUpPeriod);
    }

    /// <summary>Logs in if the options name a player, connects, and waits for the welcome.</summary>
    /// <param name="address">Such as <c>ws://localhost:5080/v1/socket</c>.</param>
    /// <exception cref="CallFailedException">The login was refused, the token is not taken, or nobody answers.</exception>
    public static async Task<GameSocket> Connect(Uri address, GameSocketOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new GameSocketOptions();
        var token = options.Player is { } player
            ? await PlayerLogin.Token(address, player, options.Secret, options.Http, cancellation).ConfigureAwait(false)
            : options.Token;
        var socket = new GameSocket(address, token, options);
        try
        {
            await socket.loop.Connect(cancellation).ConfigureAwait(false);
        }
        catch
        {
            socket.giveUp.Dispose();
            throw;
        }
        socket.Closed = Task.Run(socket.loop.Run, CancellationToken.None);
        return socket;
    }

    /// <summary>The session token, for a later socket of the same player.</summary>
    public string? Token { get; }

    /// <summary>The session that a resume names; changes when the server has forgotten it.</summary>
    public string Session => loop.Session;

    /// <summary>The highest epoch that a reply or event carried; sent with every call.</summary>
    public long HighestEpoch => calls.HighestEpoch;

    /// <summary>How often a lost connection was replaced.</summary>
    public int Reconnects => loop.Reconnects;

    /// <summary>Calls that wait for their reply.</summary>
    public int InFlight => calls.Count;

    /// <summary>Ends when the socket was disposed or gave up reconnecting; fails when a listener threw.</summary>
    public Task Closed { get; private set; } = Task.CompletedTask;

    /// <summary>Runs an operation. What it came to is in the reply; this never throws for it.</summary>
    /// <param name="arguments">One JSON value as UTF-8, or raw bytes if the options say so. They are copied before this returns. Await the answer once.</param>
    public ValueTask<CallReply> Call(EntityId to, string operation, ReadOnlyMemory<byte> arguments = default, CallOptions? options = null) =>
        calls.Call(to, operation, arguments.Span, options);

    /// <summary>Runs an operation with typed arguments and result.</summary>
    /// <exception cref="CallFailedException">The call failed.</exception>
    public async ValueTask<TResult> Call<TArguments, TResult>(EntityId to, string operation, TArguments arguments,
        JsonTypeInfo<TArguments> argumentsType, JsonTypeInfo<TResult> resultType, CallOptions? options = null)
    {
        var reply = await Call(to, operation, JsonSerializer.SerializeToUtf8Bytes(arguments, argumentsType), options).ConfigureAwait(false);
        if (reply.Error is { } error) throw new CallFailedException(error);
        return JsonSerializer.Deserialize(reply.Result.Span, resultType)!;
    }

    /// <summary>Runs a request made elsewhere; its caller, deadline and chain are not sent, since the gateway knows better.</summary>
    public ValueTask<CallReply> Call(CallRequest request) =>
        calls.Call(request.Entity, request.Operation, request.Arguments.Span,
            new CallOptions { Key = request.Key, Epoch = request.SeenEpoch > 0 ? request.SeenEpoch : null });

    /// <summary>Listens to an entity from now on, across reconnects.</summary>
    /// <param name="onEvent">Called in order on the reading thread; must not block or throw.</param>
    /// <param name="onGap">Told which events will not come. Called before the event that follows them.</param>
    /// <exception cref="CallFailedException">The gateway refused.</exception>
    public async ValueTask<EventSubscription> Subscribe(EntityId entity, Action<GameEvent> onEvent, Action<EventGap>? onGap = null)
    {
        var listener = new EventSubscription(entity, onEvent, onGap, Unsubscribe);
        if (!events.Add(listener)) return listener;
        var reply = await calls.Ask(id => ClientMessages.Subscribe(id, entity)).ConfigureAwait(false);
        if (reply.Error is not { } error) return listener;
        events.Remove(listener);
        throw new CallFailedException(error);
    }

    /// <summary>The events of an entity as a stream. A reader that is more than 64 behind loses the oldest, which shows in the sequence numbers.</summary>
    public async IAsyncEnumerable<GameEvent> Events(EntityId entity, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var channel = Channel.CreateBounded<GameEvent>(new BoundedChannelOptions(BufferedEvents) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        await using var listener = await Subscribe(entity, happened => channel.Writer.TryWrite(happened)).ConfigureAwait(false);
        await foreach (var happened in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            yield return happened;
    }

    /// <summary>Asks the gateway for a sign of life.</summary>
    /// <exception cref="CallFailedException">None came.</exception>
    public async ValueTask Ping()
    {
        var reply = await calls.Ask(ClientMessages.Ping).ConfigureAwait(false);
        if (reply.Error is { } error) throw new CallFailedException(error);
    }

    /// <summary>For tests and bots: breaks the TCP connection as a lost network would. The socket reconnects and resumes.</summary>
    public void Drop() => loop.Drop();

    /// <summary>For tests and bots: sends a text message as it is.</summary>
    /// <exception cref="CallFailedException"><c>connection-lost</c>: there is no connection just now.</exception>
    public void SendText(string text)
    {
        var message = ClientMessages.Raw(text);
        var taken = writer.TryQueue(message, out var write);
        if (write) writer.Write();
        message.Release();
        if (!taken) throw new CallFailedException(new CallError(ErrorCodes.ConnectionLost, Ran.No, "There is no connection just now.", "Wait for the reconnect."));
    }

    /// <summary>For tests and bots: stops reading after the message that comes next, as a hung client would.</summary>
    public void PauseReading() => loop.Pause();

    public void ContinueReading() => loop.Continue();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        giveUp.Dispose();
        await loop.Stop().ConfigureAwait(false);
        await Closed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async ValueTask Unsubscribe(EventSubscription listener)
    {
        if (events.Remove(listener)) await calls.Ask(id => ClientMessages.Unsubscribe(id, listener.Entity)).ConfigureAwait(false);
    }
}
