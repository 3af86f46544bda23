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
    public string Summary => "One state of ten fields between two schemas, bytes to bytes, as source-generated JSON; and what a faster codec would give.";

    public Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        var builder = new ModuleBuilder("hero", "3.0.0");
        new HeroModule().Configure(builder);
        var slice = builder.Build().Slices[0];
        MigrationStep Step(int from, int to) => slice.Steps.Single(step => step.From == from && step.To == to);
        var (up, down, next) = (Step(1, 2), Step(2, 1), Step(2, 3));
        var hero = new HeroOne("Alaric the Grey", 42, 1234, 380, 96, 1024.25, -77.5, true, "Northwatch", [3, 14, 15, 92, 65]);
        var one = JsonSerializer.SerializeToUtf8Bytes(hero, HeroJson.Default.HeroOne);
        var two = up.Migrate(one);
        var tagged = TaggedHero.Write(Copy(hero) with { Copper = hero.Gold });
        if (TaggedHero.Read(TaggedHero.Up(tagged)).Copper != Copy(hero).Copper) throw new InvalidOperationException("The tagged form does something else.");
        var richer = (byte[])[.. one.AsSpan(..^1), .. ",\"glow\":{\"hue\":3}}"u8];

        (string Name, Func<int> Run, List<double> Us)[] ways =
        [
            ("up, 10 fields", () => up.Migrate(one).Length, []),
            ("down, 10 fields", () => down.Migrate(two).Length, []),
            ("up two steps of a chain", () => next.Migrate(up.Migrate(one)).Length, []),
            ("up, with a field that the step does not know", () => up.Migrate(richer).Length, []),
            ("read and written again, without a step", () => JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(one, HeroJson.Default.HeroOne)!, HeroJson.Default.HeroOne).Length, []),
            ("up, bytes to bytes in a tagged binary form", () => TaggedHero.Up(tagged).Length, []),
            ("up, object to object, as a compiled copy", () => Copy(hero).Level, []),
        ];
        var times = effort.Quick ? 100_000 : 1_000_000;
        for (var run = -3; run < effort.Runs(9, 5); run++)
            foreach (var (_, way, us) in ways)
                if (Timed(way, times) is var took && run >= 0) us.Add(took); // before that it warms up
        return Task.FromResult<IReadOnlyList<Figure>>(
            [.. ways.Select((way, i) => (i < 2 ? Figure.AtMost(way.Name, Statistics.Median(way.Us), "µs", GoalUs) : new Figure(way.Name, Statistics.Median(way.Us), "µs")) with { Runs = way.Us })]);
    }

    static HeroTwo Copy(HeroOne old) => new(old.Name, old.Level, old.Gold * 100L, old.Health, old.Mana, old.X, old.Y, old.Online, old.Guild, old.Skills);

    static double Timed(Func<int> way, int times)
    {
        long bytes = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < times / BatchSize; i++) bytes += Batch(way);
        var took = Stopwatch.GetElapsedTime(started);
        return bytes > 0 ? took.TotalMicroseconds / times : throw new InvalidOperationException("Nothing was migrated.");
    }

    // In batches, so that the loop is compiled as code in a running server is: after it has been watched for a while.
    static long Batch(Func<int> way)
    {
        long bytes = 0;
        for (var i = 0; i < BatchSize; i++) bytes += way();
        return bytes;
    }
}
