using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;

namespace Evergrain.Benchmarks.Calls;

/// <summary>Closed-loop calls inside the process, against a gate that does nothing but lock, look up and code.</summary>
internal sealed class CallBenchmark : IBenchmark
{
    const double EchoGoal = 3_000_000, JsonGoal = 1_000_000, FairGoal = 0.5;
    const double EchoLimit = 6_400_000, JsonLimit = 2_100_000; // the bare gate on the machine that the goals were set for

    public string Name => "calls";
    public string Summary => "Calls in the process by 64 callers that yield after each, over 1,024 entities of one silo.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        await using var one = await BenchCluster.Start(silos: 1);
        await using var three = await BenchCluster.Start(silos: 3);
        var bare = new BareGate();
        var rates = new Dictionary<string, List<CallerRun>>();
        for (var run = -1; run < effort.Runs(7, 3); run++)
        {
            foreach (var (name, caller, call) in new (string, IEntityCaller, SampleCall)[]
            {
                ("echo", one, SampleCall.Echo), ("echo, bare gate", bare, SampleCall.Echo), ("echo, three silos", three, SampleCall.Echo),
                ("typed JSON", one, SampleCall.Cast), ("typed JSON, bare gate", bare, SampleCall.Cast), ("typed JSON, three silos", three, SampleCall.Cast),
            })
            {
                var result = await YieldingCallers.Run(caller, call, effort.Seconds(3, 1.5));
                if (run >= 0) (rates.TryGetValue(name, out var runs) ? runs : rates[name] = []).Add(result);
            }
        }
        return
        [
            Rate("echo") with { Goal = $"≥ {EchoGoal:#,0} calls/s", Met = Median(rates["echo"]) >= EchoGoal },
            Rate("typed JSON") with { Goal = $"≥ {JsonGoal:#,0} calls/s", Met = Median(rates["typed JSON"]) >= JsonGoal },
            Figure.AtLeast("echo, slowest caller of the mean", Slowest("echo"), "", FairGoal),
            Figure.AtLeast("typed JSON, slowest caller of the mean", Slowest("typed JSON"), "", FairGoal),
            Rate("echo, bare gate"), Rate("typed JSON, bare gate"),
            Share("echo", EchoGoal / EchoLimit), Share("typed JSON", JsonGoal / JsonLimit),
            Rate("echo, three silos"), Rate("typed JSON, three silos"),
        ];

        Figure Rate(string name) => new(name, Median(rates[name]), "calls/s") { Runs = [.. rates[name].Select(run => run.PerSecond)] };
        double Slowest(string name) => Statistics.Median(rates[name].Select(run => run.SlowestOfMean));

        // On a machine that is busy or slower, the ratio inside a run still says how far the engine is from the limit.
        Figure Share(string name, double goal)
        {
            var shares = rates[name].Zip(rates[$"{name}, bare gate"], (through, limit) => through.PerSecond / limit.PerSecond).ToArray();
            return Figure.AtLeast($"{name}, share of the bare gate in the same run", Statistics.Median(shares), "", goal) with { Runs = shares };
        }
    }

    static double Median(List<CallerRun> runs) => Statistics.Median(runs.Select(run => run.PerSecond));
}
