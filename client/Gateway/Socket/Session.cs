using System.Net.WebSockets;
using Evergrain.Contracts;
using Microsoft.Extensions.Logging;

namespace Evergrain.Gateway.Socket;

/// <summary>One player's socket session. It outlives a dropped connection: calls in flight run on, and replies and events wait for a resume.</summary>
internal sealed partial class Session(string id, string player, GatewayServices services)
{
    readonly Lock gate = new();
    readonly Dictionary<long, InFlightCall> inFlight = [];
    readonly Stack<InFlightCall> spare = [];
    readonly Dictionary<EntityId, Subscription> subscriptions = [];
    volatile int running;
    long droppedAt;
    bool ended;

    public string Id => id;
    public string Player => player;
    public Outbound Outbound { get; } = new(services.Time, services.Options.MaxOutbound);

    public void Call(in ClientMessage message)
    {
        var call = message.Id!.Value;
        if (running > 0 && WhyNot(call) is { } error)
        {
            Outbound.Post(ServerMessages.Failed(error.Code == ErrorCodes.TooManyInFlight ? call : null, error));
            return;
        }
        var pending = Start(message);
        if (pending.IsCompletedSuccessfully)
        {
            Outbound.Post(Encode(call, pending.Result));
            return;
        }
        InFlightCall waiting;
        lock (gate)
        {
            if (!spare.TryPop(out waiting!)) waiting = new InFlightCall(this);
            inFlight[call] = waiting;
            running = inFlight.Count;
        }
        waiting.Wait(call, pending);
    }

    public void Replied(InFlightCall call, long callId, CallReply reply)
    {
        bool write;
        var said = Encode(callId, reply);
        lock (gate)
        {
            // One lock for leaving and speaking, so that a resume sees a call either in flight or already said.
            inFlight.Remove(callId);
            running = inFlight.Count;
            spare.Push(call);
            write = Outbound.Queue(said);
        }
        if (write) Outbound.Write();
    }

    public CallReply CallerThrew(Exception exception)
    {
        LogCallerThrew(services.Logger, id, exception);
        return CallReply.Failed(new CallError(ErrorCodes.Internal, Ran.Unknown, "The call failed where it should not.",
            "Look at the host's log. Send again only with the same key."));
    }

    public void Subscribe(long request, EntityId entity)
    {
        Subscription subscription;
        lock (gate)
        {
            if (ended) return;
            if (subscriptions.ContainsKey(entity))
            {
                Outbound.Post(ServerMessages.Done(request));
                return;
            }
            if (subscriptions.Count >= services.Options.MaxSubscriptions)
            {
                Outbound.Post(ServerMessages.Failed(request, new CallError(ErrorCodes.TooManySubscriptions, Ran.No,
                    $"This session hears {subscriptions.Count} entities already.", "Unsubscribe from one first.")));
                return;
            }
            subscription = new Subscription(entity, Outbound, services.Options.EventsPerSubscription);
            subscriptions.Add(entity, subscription);
        }
        // Outside the lock: the source has locks of its own, under which it calls the sink.
        Outbound.Post(Listen(request, subscription));
    }

    public void Unsubscribe(long request, EntityId entity)
    {
        Subscription? subscription;
        lock (gate) subscriptions.Remove(entity, out subscription);
        subscription?.Dispose();
        Outbound.Post(ServerMessages.Done(request));
    }

    public void Begin(WebSocket socket) =>
        Outbound.Attach(socket, [], () => ServerMessages.Welcome(id, player, services.Options));

    /// <summary>Goes on over another connection, hears again what came after, and tells which calls still run.</summary>
    /// <returns>False when the session has ended.</returns>
    public bool Resume(WebSocket socket, Dictionary<EntityId, long>? after, out bool waited)
    {
        WebSocket? before;
        lock (gate)
        {
            waited = droppedAt != 0;
            if (ended) return false;
            droppedAt = 0;
            var rewind = subscriptions.Values.Where(s => after?.ContainsKey(s.Entity) is true).Select(s => (s, after![s.Entity])).ToList();
            before = Outbound.Attach(socket, rewind, () => ServerMessages.Resumed(id, inFlight.Keys));
        }
        before?.Abort();
        return true;
    }

    /// <summary>Its connection is gone. True when it waits for a resume from now on.</summary>
    public bool Dropped(WebSocket socket)
    {
        lock (gate)
        {
            Outbound.Detach(socket);
            if (ended || droppedAt != 0 || Outbound.IsAttached) return false;
            droppedAt = Math.Max(1, services.Time.GetTimestamp());
            return true;
        }
    }

    public bool WaitedTooLong()
    {
        lock (gate) return ended || (droppedAt != 0 && services.Time.GetElapsedTime(droppedAt) > services.Options.ResumeWindow && (ended = true));
    }

    /// <returns>True when it was waiting for a resume.</returns>
    public bool End()
    {
        List<Subscription> heard;
        bool waited;
        lock (gate)
        {
            ended = true;
            (waited, droppedAt) = (droppedAt != 0, 0);
            heard = [.. subscriptions.Values];
            subscriptions.Clear();
        }
        foreach (var subscription in heard) subscription.Dispose();
        Outbound.End();
        return waited;
    }

    CallError? WhyNot(long call)
    {
        lock (gate)
        {
            if (inFlight.ContainsKey(call))
                return new CallError(ErrorCodes.BadMessage, Ran.No, $"Call {call} is still running, so its id cannot be used again.", "Give each call its own id.");
            return inFlight.Count < services.Options.MaxInFlight ? null
                : new CallError(ErrorCodes.TooManyInFlight, Ran.No, $"{inFlight.Count} calls of this session are running.", "Wait for a reply, then send it again.");
        }
    }

    ValueTask<CallReply> Start(in ClientMessage message)
    {
        try
        {
            return services.Caller.Call(new CallRequest
            {
                Entity = message.Entity,
                Operation = message.Operation!,
                Arguments = message.Arguments,
                Caller = player,
                Deadline = message.DeadlineMs is { } ms ? services.Time.GetUtcNow().AddMilliseconds(ms) : null,
                Key = message.Key,
                SeenEpoch = message.Epoch,
            });
        }
        catch (Exception exception)
        {
            return new ValueTask<CallReply>(CallerThrew(exception));
        }
    }

    /// <summary>A reply that cannot be written must not take the thread down that brings it, which is the engine's.</summary>
    PooledMessage Encode(long call, CallReply reply)
    {
        try
        {
            return ServerMessages.Reply(call, reply);
        }
        catch (Exception exception)
        {
            return ServerMessages.Reply(call, CallerThrew(exception));
        }
    }

    PooledMessage Listen(long request, Subscription subscription)
    {
        try
        {
            subscription.Bind(services.Events.Subscribe(subscription.Entity, subscription));
            return ServerMessages.Done(request);
        }
        catch (Exception exception)
        {
            lock (gate) subscriptions.Remove(subscription.Entity);
            subscription.Dispose();
            var error = exception switch
            {
                CallFailedException failed => failed.Error,
                FindingsException found => new CallError(found.Code, Ran.No, found.Message, found.Next),
                _ => CallerThrew(exception).Error!,
            };
            return ServerMessages.Failed(request, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The engine threw at session {Session}")]
    static partial void LogCallerThrew(ILogger logger, string session, Exception exception);
}
