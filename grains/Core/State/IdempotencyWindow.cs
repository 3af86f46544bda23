using System.Collections.Immutable;
using Evergrain.Contracts;

namespace Evergrain.Core.State;

/// <summary>The answers that an entity remembers by idempotency key, so that a call sent again runs once. Immutable.</summary>
/// <remarks>A caller's key is kept for 10 minutes, at most 64 for each player and 1,024 for each entity, which calls for many players. A send between entities is kept until its sender says
/// that it knows the answer, and a minute more, or 24 hours: a sender that was down for long may come back with it.</remarks>
public sealed class IdempotencyWindow
{
    public const int KeysPerCaller = 64;
    public const int KeysPerCallingEntity = 1024;
    public const int MaxKeys = 4096;
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan DeliveryKeptFor = TimeSpan.FromHours(24);
    static readonly TimeSpan AcknowledgedKeptFor = TimeSpan.FromMinutes(1);
    static readonly TimeSpan FutureAllowed = TimeSpan.FromMinutes(5);
    static readonly TimeSpan PruneEvery = TimeSpan.FromSeconds(30);

    public static readonly IdempotencyWindow Empty = new(
        ImmutableDictionary<CallerKey, RememberedReply>.Empty, ImmutableDictionary<string, CallerKeys>.Empty,
        ImmutableDictionary<string, DateTimeOffset>.Empty, DateTimeOffset.MinValue);

    readonly ImmutableDictionary<CallerKey, RememberedReply> replies;
    readonly ImmutableDictionary<string, CallerKeys> callers;
    readonly ImmutableDictionary<string, DateTimeOffset> evicted;
    readonly DateTimeOffset prunedAt;

    IdempotencyWindow(ImmutableDictionary<CallerKey, RememberedReply> replies, ImmutableDictionary<string, CallerKeys> callers,
        ImmutableDictionary<string, DateTimeOffset> evicted, DateTimeOffset prunedAt) =>
        (this.replies, this.callers, this.evicted, this.prunedAt) = (replies, callers, evicted, prunedAt);

    public int Count => replies.Count;
    public bool IsFull => replies.Count >= MaxKeys;

    /// <summary>What the key means for a call that arrives now.</summary>
    public KeyVerdict Look(string caller, Guid key, ulong body, bool delivery, DateTimeOffset now)
    {
        if (!UuidV7.TryGetTime(key, out var made) || made > now + FutureAllowed) return KeyVerdict.Bad;
        if (replies.TryGetValue(new CallerKey(caller, key), out var known))
            return known.Body == body ? new KeyVerdict(KeyMeaning.Known, known) : KeyVerdict.Reused;
        var oldest = now - (delivery ? DeliveryKeptFor : KeptFor);
        if (made < oldest || evicted.TryGetValue(caller, out var mark) && made <= mark) return KeyVerdict.Expired;
        return delivery && IsFull ? KeyVerdict.Full : KeyVerdict.New;
    }

    public IdempotencyWindow Add(string caller, Guid key, RememberedReply reply)
    {
        var window = reply.At - prunedAt > PruneEvery ? Prune(reply.At) : this;
        if (reply.Delivery)
            return new IdempotencyWindow(window.replies.SetItem(new CallerKey(caller, key), reply), window.callers, window.evicted, window.prunedAt);

        var queue = window.callers.GetValueOrDefault(caller, CallerKeys.None).Add(key);
        var kept = window.replies.SetItem(new CallerKey(caller, key), reply);
        var marks = window.evicted;
        if (kept.Count > MaxKeys || queue.Count > (caller.Contains('/') ? KeysPerCallingEntity : KeysPerCaller))
        {
            queue = queue.DropOldest(out var oldest);
            kept = kept.Remove(new CallerKey(caller, oldest));
            UuidV7.TryGetTime(oldest, out var made);
            marks = marks.SetItem(caller, Later(made, marks.GetValueOrDefault(caller)));
        }
        return new IdempotencyWindow(kept, queue.Count == 0 ? window.callers.Remove(caller) : window.callers.SetItem(caller, queue), marks, window.prunedAt);
    }

    /// <summary>The sender knows the answers: they may be forgotten once no copy of the message can still be on its way.</summary>
    public IdempotencyWindow Acknowledge(string caller, IEnumerable<Guid> keys, DateTimeOffset now)
    {
        var next = replies.ToBuilder();
        var changed = false;
        foreach (var key in keys)
            if (next.TryGetValue(new CallerKey(caller, key), out var reply) && reply.Delivery && reply.AcknowledgedAt is null)
            {
                next[new CallerKey(caller, key)] = reply with { AcknowledgedAt = now };
                changed = true;
            }
        return changed ? new IdempotencyWindow(next.ToImmutable(), callers, evicted, prunedAt) : this;
    }

    public IdempotencyWindow Prune(DateTimeOffset now)
    {
        var kept = replies.ToBuilder();
        foreach (var (key, reply) in replies)
            if (IsOver(reply, now)) kept.Remove(key);
        var queues = callers.ToBuilder();
        foreach (var (caller, queue) in callers)
        {
            var left = CallerKeys.Of(queue.Oldest.Where(key => kept.ContainsKey(new CallerKey(caller, key))));
            if (left.Count == 0) queues.Remove(caller);
            else if (left.Count != queue.Count) queues[caller] = left;
        }
        var marks = evicted.RemoveRange(evicted.Where(mark => mark.Value < now - KeptFor).Select(mark => mark.Key));
        return new IdempotencyWindow(kept.ToImmutable(), queues.ToImmutable(), marks, now);
    }

    /// <summary>What a record keeps: the answers, those of each caller oldest first, in an order that only they determine.</summary>
    internal IEnumerable<KeyValuePair<CallerKey, RememberedReply>> Replies()
    {
        foreach (var (caller, queue) in callers.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            foreach (var key in queue.Oldest)
                if (replies.TryGetValue(new CallerKey(caller, key), out var reply)) yield return new(new CallerKey(caller, key), reply);
        foreach (var delivery in replies.Where(pair => pair.Value.Delivery).OrderBy(pair => pair.Key.Caller, StringComparer.Ordinal).ThenBy(pair => pair.Key.Key)) yield return delivery;
    }

    /// <summary>Up to when each caller's answers were given up before their time.</summary>
    internal IEnumerable<KeyValuePair<string, DateTimeOffset>> EvictionMarks() => evicted.OrderBy(pair => pair.Key, StringComparer.Ordinal);

    internal DateTimeOffset PrunedAt => prunedAt;

    internal static IdempotencyWindow Restore(IReadOnlyCollection<KeyValuePair<CallerKey, RememberedReply>> replies, IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> marks, DateTimeOffset prunedAt)
    {
        if (replies.Count == 0 && marks.Count == 0 && prunedAt == Empty.prunedAt) return Empty;
        var queues = replies.Where(pair => !pair.Value.Delivery).GroupBy(pair => pair.Key.Caller, pair => pair.Key.Key);
        return new IdempotencyWindow(ImmutableDictionary<CallerKey, RememberedReply>.Empty.SetItems(replies),
            ImmutableDictionary<string, CallerKeys>.Empty.SetItems(queues.Select(queue => KeyValuePair.Create(queue.Key, CallerKeys.Of(queue)))),
            ImmutableDictionary<string, DateTimeOffset>.Empty.SetItems(marks), prunedAt);
    }

    static bool IsOver(RememberedReply reply, DateTimeOffset now) =>
        !reply.Delivery ? reply.At < now - KeptFor
        : reply.AcknowledgedAt is { } acknowledged ? acknowledged < now - AcknowledgedKeptFor
        : reply.At < now - DeliveryKeptFor;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}

/// <summary>A key means something only together with who uses it.</summary>
public readonly record struct CallerKey(string Caller, Guid Key);

/// <summary>The keys of one caller, oldest first. Immutable.</summary>
internal sealed record CallerKeys(ImmutableQueue<Guid> Oldest, int Count)
{
    public static readonly CallerKeys None = new([], 0);

    public static CallerKeys Of(IEnumerable<Guid> keys) => keys.Aggregate(None, (all, key) => all.Add(key));
    public CallerKeys Add(Guid key) => new(Oldest.Enqueue(key), Count + 1);
    public CallerKeys DropOldest(out Guid oldest) => new(Oldest.Dequeue(out oldest), Count - 1);
}

/// <summary>One remembered answer.</summary>
/// <param name="Body">Hash of operation and arguments: the same key with another body is a mistake of the caller.</param>
/// <param name="Delivery">A send between entities.</param>
public sealed record RememberedReply(ulong Body, CallReply Reply, DateTimeOffset At, bool Delivery)
{
    public DateTimeOffset? AcknowledgedAt { get; init; }
}

public enum KeyMeaning { New, Known, Reused, Expired, Bad, Full }

public readonly record struct KeyVerdict(KeyMeaning Meaning, RememberedReply? Known = null)
{
    public static readonly KeyVerdict New = new(KeyMeaning.New);
    public static readonly KeyVerdict Reused = new(KeyMeaning.Reused);
    public static readonly KeyVerdict Expired = new(KeyMeaning.Expired);
    public static readonly KeyVerdict Bad = new(KeyMeaning.Bad);
    public static readonly KeyVerdict Full = new(KeyMeaning.Full);
}
