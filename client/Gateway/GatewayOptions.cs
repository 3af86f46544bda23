namespace Evergrain.Gateway;

/// <summary>The bounds of the doors. Every member has a default that suits a game; read once at start.</summary>
public sealed class GatewayOptions
{
    /// <summary>Largest body of <c>POST /v1/call</c> and of JSON ops requests, bytes. Default 64 KiB.</summary>
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Largest socket message, bytes. Default 64 KiB. A larger one is answered <c>message-too-large</c>; one of more than 16 times this closes the connection.</summary>
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Largest package, bytes. Default 64 MiB.</summary>
    public long MaxPackageBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Calls of one socket session that may run at the same time. Default 64; one more is answered <c>too-many-in-flight</c>.</summary>
    public int MaxInFlight { get; set; } = 64;

    /// <summary>Entities that one socket session may be subscribed to. Default 64.</summary>
    public int MaxSubscriptions { get; set; } = 64;

    /// <summary>Events kept for each subscription: those not yet sent, and those sent that a resume may ask for again. Default 64.</summary>
    public int EventsPerSubscription { get; set; } = 64;

    /// <summary>Messages that wait for a client to read before the gateway stops reading from it. Default 128.</summary>
    public int MaxOutbound { get; set; } = 128;

    /// <summary>Messages in a row that make no sense before the connection is closed. Default 64.</summary>
    public int MaxBadMessages { get; set; } = 64;

    /// <summary>Open sockets. Default 20,000; one more is answered <c>too-many-connections</c>. As many sessions again may wait to be resumed.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>How long a session waits for its client to come back. Default 60 s.</summary>
    public TimeSpan ResumeWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one message may wait for a client that does not read, before the connection is cut. Default 10 s.</summary>
    public TimeSpan SlowReaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a session token is good. Default 12 hours.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Opens what only a developer's machine should offer: <c>POST /v1/ops/silos/{id}/kill</c>. Default false.</summary>
    public bool DevelopmentHost { get; set; }

    /// <summary>Asked by <c>/health/ready</c>: null when the host can serve, else why not. Default: always ready.</summary>
    public Func<CancellationToken, ValueTask<string?>>? Ready { get; set; }

    /// <exception cref="ArgumentException">With every member that is out of range.</exception>
    internal void Check()
    {
        var wrong = new List<string>();
        (string Name, double Value)[] positive =
        [
            (nameof(MaxBodyBytes), MaxBodyBytes), (nameof(MaxMessageBytes), MaxMessageBytes), (nameof(MaxPackageBytes), MaxPackageBytes),
            (nameof(MaxInFlight), MaxInFlight), (nameof(MaxSubscriptions), MaxSubscriptions), (nameof(EventsPerSubscription), EventsPerSubscription),
            (nameof(MaxOutbound), MaxOutbound), (nameof(MaxBadMessages), MaxBadMessages), (nameof(MaxConnections), MaxConnections),
            (nameof(ResumeWindow), ResumeWindow.TotalSeconds), (nameof(SlowReaderTimeout), SlowReaderTimeout.TotalSeconds), (nameof(TokenLifetime), TokenLifetime.TotalSeconds),
        ];
        foreach (var (name, value) in positive)
            if (value <= 0) wrong.Add($"{name} is {value}; it must be more than zero.");
        if (MaxPackageBytes > Array.MaxLength) wrong.Add($"{nameof(MaxPackageBytes)} is {MaxPackageBytes}; at most {Array.MaxLength} bytes fit.");
        if (wrong.Count > 0) throw new ArgumentException(string.Join(" ", wrong));
    }
}
