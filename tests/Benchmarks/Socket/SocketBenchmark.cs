using System.Diagnostics;
using Evergrain.Benchmarks.Harness;
using Evergrain.Benchmarks.World;
using Evergrain.Client;
using Evergrain.Contracts;

namespace Evergrain.Benchmarks.Socket;

/// <summary>Calls through real WebSockets, client and server in two processes; the same messages and client against a bare echo in the same run.</summary>
internal sealed class SocketBenchmark : IBenchmark
{
    const int Players = 64, Deep = 16;
    const double GoalOne = 60_000, GoalDeep = 120_000, GoalShare = 0.7;

    public string Name => "socket";
    public string Summary => $"{Players} players through WebSockets, a typed JSON operation each call; client and server share the machine's cores.";

    public async Task<IReadOnlyList<Figure>> Measure(Effort effort)
    {
        using var server = await ServerProcess.Start();
        var (game, bare) = (new Uri(server.Address, "/v1/socket"), new Uri(server.Address, SocketServer.Bare));
        var runs = new Dictionary<string, List<SocketRun>>();
        for (var run = -1; run < effort.Runs(7, 3); run++)
        {
            foreach (var outstanding in new[] { 1, Deep })
            {
                Keep($"{outstanding}", await Lean(server, game, outstanding, effort, welcomed: true));
                Keep($"{outstanding}, bare echo", await Lean(server, bare, outstanding, effort, welcomed: false));
                Keep($"{outstanding}, client SDK", await Sdk(server, game, outstanding, effort));
            }

            void Keep(string name, SocketRun result)
            {
                if (run >= 0) (runs.TryGetValue(name, out var all) ? all : runs[name] = []).Add(result);
            }
        }
        return [.. Figures(runs, "1", GoalOne), .. Figures(runs, $"{Deep}", GoalDeep)];
    }

    static IEnumerable<Figure> Figures(Dictionary<string, List<SocketRun>> runs, string depth, double goal)
    {
        var shares = runs[depth].Zip(runs[$"{depth}, bare echo"], (through, echo) => through.PerSecond / echo.PerSecond).ToArray();
        var (rate, share) = (Of(runs[depth], run => run.PerSecond), Statistics.Median(shares));
        yield return new($"{depth} outstanding", rate, "calls/s", $"≥ {goal:#,0} calls/s, or {GoalShare} of the bare echo", rate >= goal || share >= GoalShare) { Runs = [.. runs[depth].Select(run => run.PerSecond)] };
        yield return new($"{depth} outstanding, share of the bare echo in the same run", share, "") { Runs = shares };
        foreach (var (name, all) in runs.Where(entry => entry.Key == depth || entry.Key.StartsWith($"{depth},", StringComparison.Ordinal)))
        {
            if (name != depth) yield return new($"{name}", Of(all, run => run.PerSecond), "calls/s");
            yield return new($"{name}, p99", Of(all, run => run.P99), "ms");
            yield return new($"{name}, CPU of the server a call", Of(all, run => run.ServerMicroseconds), "µs");
        }
    }

    static double Of(List<SocketRun> runs, Func<SocketRun, double> figure) => Statistics.Median(runs.Select(figure));

    static async Task<SocketRun> Lean(ServerProcess server, Uri address, int outstanding, Effort effort, bool welcomed)
    {
        var players = Enumerable.Range(0, Players).Select(player => new LeanPlayer(player, outstanding)).ToArray();
        foreach (var player in players) await player.Connect(address, welcomed);
        var result = await Measured(server, effort, players.Select(player => (Func<Func<bool>, Task<List<double>>>)player.Play));
        foreach (var player in players) await player.Leave();
        return result;
    }

    static async Task<SocketRun> Sdk(ServerProcess server, Uri address, int outstanding, Effort effort)
    {
        var sockets = new List<GameSocket>();
        for (var i = 0; i < Players; i++) sockets.Add(await GameSocket.Connect(address, new GameSocketOptions { Keys = false }));
        var result = await Measured(server, effort, sockets.SelectMany((socket, player) =>
            Enumerable.Range(0, outstanding).Select(_ => (Func<Func<bool>, Task<List<double>>>)(over => Play(socket, player, over)))));
        foreach (var socket in sockets) await socket.DisposeAsync();
        return result;
    }

    static async Task<List<double>> Play(GameSocket socket, int player, Func<bool> over)
    {
        var (id, arguments) = (new EntityId("echo", $"player-{player}"), """{"skill":"fireball","target":"bob","power":21}"""u8.ToArray());
        var latencies = new List<double>(1 << 12);
        while (!over())
        {
            var sent = Stopwatch.GetTimestamp();
            BenchCluster.Good(await socket.Call(id, "bench.cast", arguments));
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        return latencies;
    }

    static async Task<SocketRun> Measured(ServerProcess server, Effort effort, IEnumerable<Func<Func<bool>, Task<List<double>>>> plays)
    {
        var (started, cpu) = (Stopwatch.GetTimestamp(), server.Cpu);
        var end = started + (long)(effort.Seconds(4, 2).TotalSeconds * Stopwatch.Frequency);
        var latencies = (await Task.WhenAll(plays.Select(play => Task.Run(() => play(() => Stopwatch.GetTimestamp() >= end))))).SelectMany(all => all).Order().ToArray();
        var took = (double)(end - started) / Stopwatch.Frequency;
        return new SocketRun(latencies.Length / took, Statistics.Percentile(latencies, 0.99), (server.Cpu - cpu).TotalMicroseconds / latencies.Length);
    }
}

/// <param name="P99">In ms, over all players.</param>
internal sealed record SocketRun(double PerSecond, double P99, double ServerMicroseconds);
