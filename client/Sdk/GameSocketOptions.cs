using Evergrain.Contracts;

namespace Evergrain.Client;

/// <summary>How a <see cref="GameSocket"/> behaves. Read once, at connect.</summary>
public sealed record GameSocketOptions
{
    /// <summary>Log in under this name by HTTP first. Null: use <see cref="Token"/>, or play as <c>anonymous</c>.</summary>
    public string? Player { get; init; }

    /// <summary>Goes with <see cref="Player"/> where the gateway has an authenticator.</summary>
    public string? Secret { get; init; }

    /// <summary>A session token from an earlier login.</summary>
    public string? Token { get; init; }

    /// <summary>How long the server may take for a call that names no deadline, 1 ms to 10 min. Null, the default: the server's own 10 s.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long after its deadline a call still waits for its reply, through reconnects, before it is given up. Default 2 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gives every call an idempotency key, so that it can be sent again after a lost connection and still runs once. Default true.</summary>
    public bool Keys { get; init; } = true;

    /// <summary>How often a lost connection is tried again in a row; 0 for never. Default 10.</summary>
    public int Reconnects { get; init; } = 10;

    /// <summary>How often one call is sent again, after as many lost connections. Default 5.</summary>
    public int Resends { get; init; } = 5;

    /// <summary>The first pause before a reconnect; it doubles up to <see cref="LongestPause"/>, and a random part of up to half is taken off. Default 50 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Default 2 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one try to connect may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Largest message that is accepted from the server, bytes. Default 4 MiB; a larger one drops the connection.</summary>
    public int MaxMessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Run what awaits a reply on the thread that reads the socket. Faster, but then it must not block. Default false.</summary>
    public bool InlineCompletions { get; init; }

    /// <summary>Tells of errors that belong to no call, such as the answer to rubbish. Called on the reading thread; must not block or throw.</summary>
    public Action<CallError>? OnError { get; init; }

    /// <summary>Tells of a reply for which nothing waits: its request was answered before, or given up. Called on the reading thread; must not block or throw.</summary>
    public Action<CallReply>? OnStrayReply { get; init; }

    /// <summary>For deadlines and pauses. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>For keys and jitter; used by this socket only, under a lock. Default: a random seed.</summary>
    public Random? Random { get; init; }

    /// <summary>For the login. Default: one shared by all sockets of the process.</summary>
    public HttpClient? Http { get; init; }
}

/// <summary>What one call says of itself.</summary>
public sealed record CallOptions
{
    /// <summary>Overrides <see cref="GameSocketOptions.Deadline"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>The idempotency key, a UUIDv7; for sending a call of an earlier socket again. Null: a new one.</summary>
    public Guid? Key { get; init; }

    /// <summary>The epoch to send in place of the highest that this socket has seen.</summary>
    public long? Epoch { get; init; }

    /// <summary>The arguments are bytes for an operation that declares raw bytes, not JSON.</summary>
    public bool Raw { get; init; }
}

/// <summary>Events of an entity that will not come: they were dropped on the way.</summary>
public sealed record EventGap(EntityId From, long First, long Last);
