namespace Evergrain.Contracts;

/// <summary>One request to run one operation of one entity. Everything that travels with a call is in here, never in ambient context.</summary>
public sealed record CallRequest
{
    public required EntityId Entity { get; init; }

    /// <summary><c>module.operation</c>, such as <c>battle.cast</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>UTF-8 JSON, or raw bytes for an operation that declares it. Empty stands for JSON <c>null</c> or <c>{}</c>.</summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>The authenticated caller: a player's name, <c>anonymous</c>, or an entity id for calls between entities.</summary>
    public string Caller { get; init; } = Anonymous;

    /// <summary>When the caller stops waiting. Null: <see cref="DefaultDeadline"/> after admission.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Idempotency key, a UUIDv7. With it a repeated call runs once, within 10 minutes or 64 keys per entity and caller.</summary>
    public Guid? Key { get; init; }

    /// <summary>The highest epoch that the caller has seen, directly or through other calls. The call runs at it or later.</summary>
    public long SeenEpoch { get; init; }

    /// <summary>The entities on whose behalf this call runs, innermost first; null for a call from outside.</summary>
    public CallChain? Chain { get; init; }

    /// <summary>A send from another entity's outbox: its key is remembered until the sender acknowledges it, not for 10 minutes only.</summary>
    public bool Delivery { get; init; }

    public const string Anonymous = "anonymous";
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(10);
}

/// <summary>A linked list of entities that wait for this call, innermost first.</summary>
public sealed record CallChain(EntityId Entity, CallChain? Outer)
{
    /// <summary>A longer chain is refused as a cycle in the making.</summary>
    public const int MaxDepth = 32;

    public int Depth { get; } = 1 + (Outer?.Depth ?? 0);

    public bool Contains(EntityId entity)
    {
        for (var link = this; link is not null; link = link.Outer)
            if (link.Entity == entity) return true;
        return false;
    }
}
