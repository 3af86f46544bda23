using System.Diagnostics;
using System.Diagnostics.Metrics;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;

namespace Evergrain.Core.Tests.Rollouts;

public sealed class RolloutMetersTests
{
    [Fact]
    public void Each_rollout_is_counted_timed_by_phase_and_leaves_a_span_under_its_trace()
    {
        var (measured, spans) = (new List<string>(), new List<Activity>());
        using var meters = new MeterListener { InstrumentPublished = static (instrument, own) => { if (instrument.Meter.Name == RolloutMeters.Name) own.EnableMeasurementEvents(instrument); } };
        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests roll out at the same time: this module is this test's own.
            if (tags.ToArray().Any(tag => tag is { Key: "module", Value: "metered" }))
                lock (measured) measured.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Skip(1).Select(tag => tag.Value))} {value:0.0##}");
        }
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        meters.Start();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RolloutMeters.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { if (span.GetTagItem("hotupdate.module") is "metered") lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        var world = World.Serving(1, "metered@1.0.0");
        world.Packages.Publish("metered", "2.0.0");
        measured.Clear();
        spans.Clear();
        world.Silos["s1"].Modules.Refuses = (_, _) => new("load/throws", "x", "It throws.", "Mend it.");

        var id = world.Start(new RolloutRequest { Modules = [new("metered", "2.0.0")], PrepareRetries = 0 });
        world.Run(2);

        Assert.Equal(
        [
            "game_hotupdate_duration_seconds requested 0.0", "game_hotupdate_duration_seconds preparing 0.02", "game_hotupdate_duration_seconds aborting 0.0",
            "game_hotupdate_total 2.0.0 aborted 1.0", "game_hotupdate_failure_total load/throws 1.0",
        ], measured);
        var span = Assert.Single(spans);
        Assert.Equal((world.Status(id).TraceId, "2.0.0", ActivityStatusCode.Error), (span.TraceId.ToString(), span.GetTagItem("hotupdate.version"), span.Status));
        Assert.Equal(20.0, span.Duration.TotalMilliseconds, 0.001);
        Assert.Equal(20.0, (double)span.GetTagItem("hotupdate.duration_ms")!, 0.001);
    }
}
