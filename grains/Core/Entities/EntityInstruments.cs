using System.Diagnostics.Metrics;
using Evergrain.Contracts;

namespace Evergrain.Core.Entities;

/// <summary>What is measured of turns. Labels never carry an entity key. One object for each host process.</summary>
public sealed class EntityInstruments : IDisposable
{
    readonly Meter meter = new("Evergrain.Entities");
    readonly TimeProvider time;
    readonly Histogram<double> turns, lateness, measures;
    readonly Counter<long> migrationFailures;

    public EntityInstruments(TimeProvider time)
    {
        this.time = time;
        turns = meter.CreateHistogram<double>("game_turn_seconds", "s", "Time of a turn.");
        lateness = meter.CreateHistogram<double>("game_frame_lateness_seconds", "s", "How late frames ran.");
        measures = meter.CreateHistogram<double>("game_measure", null, "Numbers that modules record.");
        migrationFailures = meter.CreateCounter<long>("game_migration_failures_total", null, "Entities that could not be brought to the serving version.");
    }

    /// <summary>A timestamp for <see cref="Turn"/>; 0 while nobody listens.</summary>
    internal long Begin() => turns.Enabled ? time.GetTimestamp() : 0;

    internal void Turn(string kind, ModuleId module, string outcome, long begun)
    {
        if (begun == 0 || !turns.Enabled) return;
        turns.Record(time.GetElapsedTime(begun).TotalSeconds, new("kind", kind), new("module", module.Name), new("version", module.Version), new("outcome", outcome));
    }

    internal void FrameLate(string kind, long ticks)
    {
        if (lateness.Enabled) lateness.Record((double)ticks / TimeSpan.TicksPerSecond, new KeyValuePair<string, object?>("kind", kind));
    }

    internal void Measured(ModuleId module, string name, double value)
    {
        if (measures.Enabled) measures.Record(value, new("module", module.Name), new("version", module.Version), new("name", name));
    }

    internal void MigrationFailed(string kind) => migrationFailures.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Dispose() => meter.Dispose();
}
