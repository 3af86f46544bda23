using System.Diagnostics;
using System.Diagnostics.Metrics;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>Counters and spans of rollouts, told by whichever version grain wrote the phase.</summary>
public static class RolloutMeters
{
    public const string Name = "Evergrain";

    static readonly ActivitySource Spans = new(Name);
    static readonly Meter Meter = new(Name);
    static readonly Counter<long> Ended = Meter.CreateCounter<long>("game_hotupdate_total", description: "Rollouts that ended, by changed module.");
    static readonly Counter<long> Failed = Meter.CreateCounter<long>("game_hotupdate_failure_total", description: "Rollouts that were aborted, by changed module and first finding.");
    static readonly Histogram<double> Phases = Meter.CreateHistogram<double>("game_hotupdate_duration_seconds", "s", "How long rollouts stayed in each phase.");

    public static void Entered(Rollout rollout)
    {
        foreach (var change in rollout.Changes)
        {
            var module = KeyValuePair.Create<string, object?>("module", change.Name);
            if (rollout.Timings is [.., var left, var now])
                Phases.Record((now.At - left.At).TotalSeconds, module, new("phase", Word(left.Phase)));
            if (rollout.Ended) End(rollout, change, module);
        }
    }

    static void End(Rollout rollout, ModuleChange change, KeyValuePair<string, object?> module)
    {
        Ended.Add(1, module, new("version", change.To ?? change.From), new("outcome", Word(rollout.Phase)));
        if (rollout.Phase is RolloutPhase.Aborted && rollout.Findings.Count > 0) Failed.Add(1, module, new("reason", rollout.Findings[0].Code));
        Span(rollout, change);
    }

    // Made when the rollout ends: its version grain may have changed on the way, and no process has held it all the time.
    static void Span(Rollout rollout, ModuleChange change)
    {
        var parent = new ActivityContext(ActivityTraceId.CreateFromString(rollout.TraceId), ActivitySpanId.CreateFromString(rollout.TraceId.AsSpan(16)), ActivityTraceFlags.Recorded);
        using var span = Spans.StartActivity("hotupdate", ActivityKind.Internal, parent, startTime: rollout.RequestedAt);
        if (span is null) return;
        var end = rollout.Timings[^1].At;
        span.SetTag("hotupdate.module", change.Name).SetTag("hotupdate.version", change.To ?? change.From)
            .SetTag("hotupdate.duration_ms", (end - rollout.RequestedAt).TotalMilliseconds);
        span.SetStatus(rollout.Phase is RolloutPhase.Permanent ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
        span.SetEndTime(end.UtcDateTime);
    }

    static string Word(RolloutPhase phase) => phase.ToString().ToLowerInvariant();
}
