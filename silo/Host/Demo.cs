using Evergrain.Bots;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded;

namespace Evergrain.Host;

/// <summary>200 bots play while battle is rolled out and taken back, again and again, until somebody stops it.</summary>
internal static class Demo
{
    const int Players = 200;
    static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    static readonly TimeSpan Endless = TimeSpan.FromHours(24);

    /// <returns>0, or 1 when a player saw something that must not be.</returns>
    public static async Task<int> Run(WebApplication app, EmbeddedCluster cluster, CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var rollouts = new DemoRollouts(cluster.Ops);
        var playing = BotRun.Play(
            new BotOptions { Server = Welcome.Door(app), Players = Players, Duration = Endless, RoughShare = 0.1 },
            TimeProvider.System, new Progress<BotProgress>(progress => Console.WriteLine(Line(cluster, rollouts, progress))), stopping.Token);
        Console.WriteLine($"{Players} bots play. battle goes to 1.1.0 after 15 s, to 2.0.0 after 30 s, back after 45 s, and again.");
        await using var told = stopping.Token.Register(() => Console.WriteLine("The players end their matches; then what they saw is judged. Ctrl+C again ends at once."));
        var rolling = rollouts.Run(Step, stopping.Token);
        var report = await playing;
        await told.DisposeAsync();
        await stopping.CancelAsync();
        await rolling;
        Console.WriteLine(ReportText.Of(report));
        await app.StopAsync(CancellationToken.None);
        await cluster.DisposeAsync();
        return report.Breaches.Count == 0 ? 0 : 1;
    }

    static string Line(EmbeddedCluster cluster, DemoRollouts rollouts, BotProgress progress)
    {
        var epoch = cluster.Members.Max(silo => silo.Entities.Epoch);
        var versions = cluster.Members.SelectMany(silo => silo.Modules.Report())
            .Where(slot => slot.Name == "battle" && slot.State is SlotState.Serving or SlotState.Draining)
            .GroupBy(slot => (slot.Version, slot.State)).OrderBy(group => group.Key.State)
            .Select(group => $"{group.Key.Version}{(group.Key.State == SlotState.Draining ? " draining" : "")}");
        return $"{progress.Elapsed:mm\\:ss}  epoch {epoch,-3} battle {string.Join(", ", versions),-22} {progress.Players} players  {progress.CallsPerSecond,5:N0} calls/s"
            + $"  p99 {progress.P99Ms,5:N1} ms  lost {progress.Calls.Lost}  twice {progress.Calls.AnsweredTwice}{rollouts.Trouble}";
    }
}
