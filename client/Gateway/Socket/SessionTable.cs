using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Evergrain.Contracts;

namespace Evergrain.Gateway.Socket;

/// <summary>Every session of this gateway, with and without a connection. One timer for all of them ends what waited too long.</summary>
internal sealed class SessionTable : IDisposable
{
    static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, Session> sessions = new();
    readonly GatewayServices services;
    readonly ITimer sweep;
    int waiting;

    public SessionTable(GatewayServices services)
    {
        this.services = services;
        sweep = services.Time.CreateTimer(_ => Sweep(), null, SweepPeriod, SweepPeriod);
    }

    public GatewayServices Services => services;
    public int Count => sessions.Count;

    /// <summary>Sessions without a connection.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>The id is a secret: whoever knows it, and is the same player, may resume the session.</summary>
    public Session Begin(string player)
    {
        var session = new Session(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), player, services);
        sessions[session.Id] = session;
        return session;
    }

    public bool TryResume(string id, string player, WebSocket socket, Dictionary<EntityId, long>? after, [NotNullWhen(true)] out Session? session)
    {
        if (!sessions.TryGetValue(id, out session) || session.Player != player || !session.Resume(socket, after, out var waited)) return false;
        if (waited) Interlocked.Decrement(ref waiting);
        return true;
    }

    /// <summary>Its connection is gone; it waits to be resumed, unless too many wait already.</summary>
    public void Dropped(Session session, WebSocket socket)
    {
        if (session.Dropped(socket) && Interlocked.Increment(ref waiting) > services.Options.MaxConnections) End(session);
    }

    /// <summary>Ends a session although it may be connected; its client finds it gone when it comes back.</summary>
    public void Forget(string id)
    {
        if (sessions.TryGetValue(id, out var session)) End(session);
    }

    public void End(Session session)
    {
        if (sessions.TryRemove(session.Id, out _) && session.End()) Interlocked.Decrement(ref waiting);
    }

    public void Dispose() => sweep.Dispose();

    void Sweep()
    {
        foreach (var session in sessions.Values)
        {
            session.Outbound.CutIfStuck(services.Options.SlowReaderTimeout);
            if (session.WaitedTooLong()) End(session);
        }
    }
}
