using System.Collections.Concurrent;
using System.Net;
using Evergrain.Contracts;
using Evergrain.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Evergrain.EndToEnd.Tests;

/// <summary>A host on SQLite whose disk gets full while it is played on: it refuses what it cannot write, goes on with the rest, loses nothing that it
/// acknowledged, and serves again once there is room.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    const int Wallets = 20, Callers = 8, RefusalsEach = 25;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(120);
    readonly int[] acknowledged = new int[Wallets], unknown = new int[Wallets];

    [LinuxTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_refuses_with_a_time_to_try_again_loses_nothing_and_serves_once_there_is_room(bool fileSystem)
    {
        using var disk = fileSystem ? SmallDisk.FileSystem() : SmallDisk.Bounded();
        await RunningHost.Over(disk.File, async host =>
        {
            await host.Answer("battle/yard/battle.join", "{}");
            await Succeed(host, Wallets);
            await GetsFull(host, disk);
            if (disk.Refusal == ErrorCodes.StoreFull) await HasNoRoomForABackup(host, disk);

            disk.MakeRoom(host.Process);
            for (var wallet = 0; wallet < Wallets; wallet++) await OpsDoor.Until(async () => await Credit(host, wallet) is null, () => $"wallet {wallet} is written again");
            await host.Process.Out.Line(line => line.Contains("serves again", StringComparison.Ordinal)).WaitAsync(Soon);
            await Succeed(host, 10 * Wallets);

            await GetsFull(host, disk);
            host.Process.Kill();
            await host.Process.Ended(Soon);
            disk.MakeRoom(host.Process);
            output.WriteLine($"{disk}: {acknowledged.Sum()} credits were acknowledged, {unknown.Sum()} may have run.\n{host.Log}");
        });

        await RunningHost.Over(disk.File, HoldsWhatWasAcknowledged);
    }

    // Under load, until each caller was refused often enough to see that none is kept waiting.
    async Task GetsFull(RunningHost host, SmallDisk disk)
    {
        var (before, refused) = (acknowledged.Sum(), new ConcurrentBag<string>());
        disk.Fill(host.Process);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(Call)).WaitAsync(Soon);

        Assert.True(acknowledged.Sum() > before, "It was full before anybody wrote.");
        Assert.Equal([disk.Refusal], refused.Distinct());
        await HoldsWhatWasAcknowledged(host);
        await host.Answer("battle/yard/battle.look");
        foreach (var health in (string[])["/health/live", "/health/ready"]) Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync(health)).StatusCode);
        await host.Process.Out.Line(line => line.Contains($"The store {disk.File}", StringComparison.Ordinal) && (line.Contains("takes no writes", StringComparison.Ordinal) || line.Contains("does not answer", StringComparison.Ordinal))).WaitAsync(Soon);

        async Task Call(int caller)
        {
            for (var (next, times) = (caller, 0); times < RefusalsEach; next += Callers)
            {
                if (await Credit(host, next % Wallets) is not { } code) continue;
                refused.Add(code);
                times++;
            }
        }
    }

    // Where files are bounded one by one, a copy that is no larger than the store still fits.
    static async Task HasNoRoomForABackup(RunningHost host, SmallDisk disk)
    {
        var problem = await OpsDoor.Problem(await host.Http.GetAsync("/v1/ops/backup"));
        Assert.Equal((ErrorCodes.StoreFull, 5000), (problem.Code, problem.RetryAfterMs));
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(disk.File)!, "*.backup-*"));
    }

    async Task Succeed(RunningHost host, int calls) => Assert.All(await Task.WhenAll(Enumerable.Range(0, calls).Select(call => Credit(host, call % Wallets))), Assert.Null);

    async Task HoldsWhatWasAcknowledged(RunningHost host)
    {
        for (var i = 0; i < Wallets; i++)
            Assert.InRange(Crash.Gold(await host.Answer($"wallet/w{i}/wallet.balance")), acknowledged[i], acknowledged[i] + unknown[i]);
    }

    /// <summary>Null, or the code of the refusal.</summary>
    async Task<string?> Credit(RunningHost host, int wallet)
    {
        using var answer = await host.Call($"wallet/w{wallet}/wallet.credit", """{"amount":1}""");
        if (answer.IsSuccessStatusCode)
        {
            Interlocked.Increment(ref acknowledged[wallet]);
            return null;
        }
        var problem = await OpsDoor.Problem(answer);
        Assert.NotNull(problem.RetryAfterMs);
        if (problem.Ran != Ran.No) Interlocked.Increment(ref unknown[wallet]);
        return problem.Code;
    }
}
