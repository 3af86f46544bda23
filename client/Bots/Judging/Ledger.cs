using Evergrain.Contracts;

namespace Evergrain.Bots.Judging;

/// <summary>Every call of the bots, from the moment it is sent until its one answer. Thread-safe. Bounded: of answered calls only
/// the last keys are remembered, to see a second answer.</summary>
public sealed class Ledger(TimeProvider time, Examples examples)
{
    /// <summary>How many answered keys are remembered.</summary>
    public const int Remembered = 100_000;

    readonly Lock gate = new();
    readonly Dictionary<Guid, SentCall> open = [];
    readonly HashSet<Guid> answered = [];
    readonly Queue<Guid> oldest = [];
    readonly SortedDictionary<string, long> errors = new(StringComparer.Ordinal);
    readonly LatencyHistogram latencies = new();
    readonly LatencyHistogram recent = new();
    long calls, succeeded, politeCalls, politeSucceeded, lost, twice, changed, epochBack, highestEpoch;

    /// <summary>A call is about to go out.</summary>
    /// <param name="seenEpoch">The highest epoch that its caller has seen so far.</param>
    /// <param name="polite">By a bot of good manners: counts for the share that must succeed, and for the latencies.</param>
    public void Sent(Guid key, string operation, long seenEpoch, bool polite)
    {
        lock (gate)
        {
            open.Add(key, new(operation, seenEpoch, polite, time.GetTimestamp()));
            calls++;
            if (polite) politeCalls++;
        }
    }

    /// <summary>The call's answer came.</summary>
    public void Answered(Guid key, CallReply reply)
    {
        lock (gate)
        {
            if (!open.Remove(key, out var call))
            {
                Again(key);
                return;
            }
            Remember(key);
            JudgeEpoch(call, reply);
            Count(call, reply);
        }
    }

    /// <summary>A reply came for which nobody waited: the call was answered before.</summary>
    public void AnsweredAgain(string what)
    {
        lock (gate) twice++;
        examples.Add($"answered-twice: {what}");
    }

    /// <summary>No answer came within its deadline and the time after it.</summary>
    public void Lost(Guid key)
    {
        lock (gate)
        {
            if (!open.Remove(key, out var call)) return;
            lost++;
            examples.Add($"lost: {call.Operation} with key {key}");
        }
    }

    /// <summary>The same call was sent again with the same key, after its answer: the answer must be the same.</summary>
    public void Resent(Guid key, string operation, CallReply first, CallReply again)
    {
        if (first.Ok == again.Ok && first.Error?.Code == again.Error?.Code && first.Result.Span.SequenceEqual(again.Result.Span)) return;
        lock (gate) changed++;
        examples.Add($"reply-changed: {operation} with key {key} gave {first.Error?.Code ?? "a result"}, and sent again {again.Error?.Code ?? "another one"}");
    }

    public LedgerTotals Totals()
    {
        lock (gate)
            return new()
            {
                Calls = calls,
                Succeeded = succeeded,
                Open = open.Count,
                PoliteCalls = politeCalls,
                PoliteSucceeded = politeSucceeded,
                Errors = new SortedDictionary<string, long>(errors, StringComparer.Ordinal),
                Lost = lost,
                AnsweredTwice = twice,
                RepliesChanged = changed,
                EpochBack = epochBack,
                HighestEpoch = highestEpoch,
                P50Ms = latencies.PercentileMs(0.5),
                P99Ms = latencies.PercentileMs(0.99),
                MaxMs = latencies.MaxMs,
            };
    }

    /// <summary>The 99th percentile since it was last asked for.</summary>
    public double TakeRecentP99Ms()
    {
        lock (gate)
        {
            var p99 = recent.PercentileMs(0.99);
            recent.Clear();
            return p99;
        }
    }

    void Again(Guid key)
    {
        twice++;
        examples.Add(answered.Contains(key) ? $"answered-twice: key {key}" : $"answered-twice: an answer to {key}, which was never sent or given up");
    }

    void Remember(Guid key)
    {
        answered.Add(key);
        oldest.Enqueue(key);
        if (oldest.Count > Remembered) answered.Remove(oldest.Dequeue());
    }

    // Only a reply that some version's code gave has run at an epoch; a door's refusal has not.
    void JudgeEpoch(SentCall call, CallReply reply)
    {
        highestEpoch = Math.Max(highestEpoch, reply.Epoch);
        if (reply.Module == default || reply.Epoch >= call.SeenEpoch) return;
        epochBack++;
        examples.Add($"epoch-back: {call.Operation} ran at {reply.Epoch}, though its caller had seen {call.SeenEpoch}");
    }

    void Count(SentCall call, CallReply reply)
    {
        if (reply.Error is { } error)
        {
            var code = error.Reason is null ? error.Code : $"{error.Code}:{error.Reason}";
            errors[code] = errors.GetValueOrDefault(code) + 1;
        }
        else succeeded++;
        if (!call.Polite) return;
        if (reply.Ok) politeSucceeded++;
        var took = time.GetElapsedTime(call.SentAt);
        latencies.Add(took);
        recent.Add(took);
    }

    readonly record struct SentCall(string Operation, long SeenEpoch, bool Polite, long SentAt);
}
