using System.Diagnostics;
using System.Text.Json;
using Evergrain.Benchmarks.Harness;
using Evergrain.ModuleSdk;

namespace Evergrain.Benchmarks.Migrate;

/// <summary>What a step costs an entity: bytes of one schema become bytes of another.</summary>
internal sealed class StateMigrationBenchmark : IBenchmark
{
    const double GoalUs = 2.5;
    const int BatchSize = 1000;

    public string Name => "state-migration";
    public string Summary => "One state of ten fields between two schemas, bytes to bytes, as source-generated JSON.";

    public Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        var builder = new ModuleBuilder("hero", "3.0.0");
        new HeroModule().Configure(builder);
        var slice = builder.Build().Slices[0];
        MigrationStep Step(int from, int to) => slice.Steps.Single(step => step.From == from && step.To == to);
        var (up, down, next) = (Step(1, 2), Step(2, 1), Step(2, 3));
        var one = JsonSerializer.SerializeToUtf8Bytes(new HeroOne("Alaric the Grey", 42, 1234, 380, 96, 1024.25, -77.5, true, "Northwatch", [3, 14, 15, 92, 65]), HeroJson.Default.HeroOne);
        var two = up.Migrate(one);
        var richer = (byte[])[.. one.AsSpan(..^1), .. ",\"glow\":{\"hue\":3}}"u8];

        (string Name, Func<byte[]> Run, List<double> Us)[] ways =
        [
            ("up, 10 fields", () => up.Migrate(one), []),
            ("down, 10 fields", () => down.Migrate(two), []),
            ("up two steps of a chain", () => next.Migrate(up.Migrate(one)), []),
            ("up, with a field that the step does not know", () => up.Migrate(richer), []),
            ("read and written again, without a step", () => JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(one, HeroJson.Default.HeroOne)!, HeroJson.Default.HeroOne), []),
        ];
        var times = effort.Quick ? 100_000 : 1_000_000;
        for (var run = -3; run < effort.Runs(9, 5); run++)
            foreach (var (_, way, us) in ways)
                if (Timed(way, times) is var took && run >= 0) us.Add(took); // before that it warms up
        return Task.FromResult<IReadOnlyList<Figure>>(
            [.. ways.Select((way, i) => (i < 2 ? Figure.AtMost(way.Name, Statistics.Median(way.Us), "µs", GoalUs) : new Figure(way.Name, Statistics.Median(way.Us), "µs")) with { Runs = way.Us })]);
    }

    static double Timed(Func<byte[]> way, int times)
    {
        long bytes = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times / BatchSize; i++) bytes += Batch(way);
        var took = Stopwatch.GetElapsedTime(started);
        return bytes > 0 ? took.TotalMicroseconds / times : throw new InvalidOperationException("Nothing was migrated.");
    }

    // In batches, so that the loop is compiled as code in a running server is: after it has been watched for a while.
    static long Batch(Func<byte[]> way)
    {
        long bytes = 0;
        for (var i = 0; i < BatchSize; i++) bytes += way().Length;
        return bytes;
    }
}
