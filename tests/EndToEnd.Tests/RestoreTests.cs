using System.Text;
using System.Text.Json;
using Evergrain.Client;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;

namespace Evergrain.EndToEnd.Tests;

/// <summary>A backup is taken while the game goes on, the host dies, and the backup becomes a new life of the store.</summary>
public sealed class RestoreTests : IDisposable
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    static readonly Dictionary<string, string?> Development = new() { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
    static readonly EntityId Bob = new("wallet", "bob");
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-restore");

    string Lost => Path.Combine(folder.FullName, "lost.db");
    string Restored => Path.Combine(folder.FullName, "restored.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_client_that_was_ahead_of_the_backup_hears_so_once_and_goes_on()
    {
        var host = new RunningHost();
        await host.Start(["--silos", "2", "--data", Lost], Development);
        var url = host.Url;
        await using var ahead = await GameSocket.Connect(new UriBuilder(url) { Scheme = "ws", Path = "/v1/socket" }.Uri, new GameSocketOptions { Reconnects = 1000 });
        Assert.Equal(7, await Credit(ahead, 7));
        Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Rollout("battle", "1.1.0")).Phase);
        await host.Ops.Published(Built.Fixture("relic", "1.0.0"));
        await File.WriteAllBytesAsync(Restored, await host.Http.GetByteArrayAsync("/v1/ops/backup"));
        Assert.Empty(Directory.GetFiles(folder.FullName, "*.backup-*"));
        Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Undo()).Phase);
        Assert.Equal(12, await Credit(ahead, 5));
        Assert.Equal(3, ahead.HighestEpoch);
        host.Process.Kill();
        await host.Process.Ended(Soon);
        await host.DisposeAsync();

        await using var second = new Life();
        await second.Host.Start(["--silos", "2", "--data", Restored, "--new-incarnation"], Development, url);
        Assert.Contains("incarnation 2 begins", second.Host.Log, StringComparison.Ordinal);
        var told = await ahead.Call(Bob, "wallet.balance");
        Assert.Equal((ErrorCodes.EpochUnknown, Ran.No), (told.Error?.Code, told.Error?.Ran));
        Assert.Contains("restored", told.Error!.Next, StringComparison.Ordinal);
        Assert.Equal(10, await Credit(ahead, 3));
        Assert.Equal(2, ahead.HighestEpoch);

        Assert.Equal("battle@1.1.0", (await second.Host.WhoServes()).Version);
        Assert.Equal((RolloutPhase.Permanent, 3), ((await second.Host.Ops.Undo()).Phase, (await second.Host.Ops.Status()).Epoch));
        Assert.Equal(11, await Credit(ahead, 1));
        Assert.Equal(3, ahead.HighestEpoch);

        // It was only published: the backup is all that knows it.
        Assert.Equal((RolloutPhase.Permanent, 4), ((await second.Host.Ops.Rollout("relic", "1.0.0")).Phase, (await second.Host.Ops.Status()).Epoch));
        Assert.Equal(1, (await second.Host.Answer("relic/crown/relic.age")).GetProperty("age").GetInt32());
    }

    [Fact]
    public async Task A_host_in_memory_has_no_backup_and_says_so()
    {
        await using var life = new Life();
        await life.Host.Start(["--silos", "1"], Development);
        var problem = await OpsDoor.Problem(await life.Host.Http.GetAsync("/v1/ops/backup"));

        Assert.Equal(ErrorCodes.StoreCannot, problem.Code);
    }

    static async Task<long> Credit(GameSocket game, int amount)
    {
        var reply = await game.Call(Bob, "wallet.credit", Encoding.UTF8.GetBytes($$"""{"amount":{{amount}}}"""));
        Assert.True(reply.Ok, reply.Error?.ToString());
        return JsonDocument.Parse(reply.Result).RootElement.GetProperty("balance").GetInt64();
    }

    sealed class Life : IAsyncDisposable
    {
        public RunningHost Host { get; } = new();
        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
