using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;

namespace Evergrain.EndToEnd.Tests;

/// <summary>A host with <c>--data FILE</c>: what it acknowledged is there after its end, whatever its end was.</summary>
public sealed class DurableHostTests : IDisposable
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    static readonly Dictionary<string, string?> Development = new() { ["ASPNETCORE_ENVIRONMENT"] = "Development" };
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-data");

    string File => Path.Combine(folder.FullName, "game.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(150)]
    [InlineData(700)]
    [InlineData(1500)]
    public Task What_was_acknowledged_before_kill_9_is_there_afterwards(int calls) => Crash.LosesNothing(File, calls);

    [Fact]
    public async Task Releases_packages_and_entities_survive_an_orderly_end_and_nothing_is_rolled_out_anew()
    {
        IReadOnlyList<PackageReceipt> packages = [];
        await Using(async host =>
        {
            await host.Answer("wallet/bob/wallet.credit", """{"amount":7}""");
            Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Rollout("battle", "1.1.0")).Phase);
            packages = await host.Ops.Packages();
            await End(host);
        });

        await Using(async host =>
        {
            var status = await host.Ops.Status();
            Assert.Equal(2, status.Epoch);
            Assert.Equal("battle@1.1.0", (await host.WhoServes()).Version);
            Assert.Equal(7, Crash.Gold(await host.Answer("wallet/bob/wallet.balance")));
            Assert.Equal(packages.Select(package => package.Digest), (await host.Ops.Packages()).Select(package => package.Digest));
            Assert.Equal([2, 1], (await host.Ops.History()).Select(release => release.Epoch));
            Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Undo()).Phase);
            Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);
        });
    }

    [Fact]
    public async Task A_room_that_ran_when_the_host_was_killed_runs_again_and_nobody_has_to_call_it()
    {
        await Using(async host =>
        {
            await host.Answer("battle/yard/battle.join", "{}");
            await OpsDoor.Until(async () => await host.Ops.Entity("battle/yard") is { FramesRunning: true } room && room.Slices.All(slice => slice.WrittenBy is not null), () => "the room is written");
            host.Process.Kill();
            await host.Process.Ended(Soon);
        });

        await Using(async host =>
        {
            await OpsDoor.Until(async () => (await host.Ops.Entity("battle/yard")).Silo is not null, () => "the room is awake");
        });
    }

    [Fact]
    public async Task A_second_host_over_the_same_file_is_refused_in_one_line()
    {
        await Using(async _ =>
        {
            await using var second = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0", "--data", File], Development);
            Assert.Equal(1, await second.Ended(Soon));
            Assert.Contains("another host has it open", Assert.Single(second.Error.Lines), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_file_that_is_no_store_is_left_as_it_is()
    {
        const string Text = "These are my notes, and they are more than a few bytes long, so that nobody takes them for an empty file.";
        await System.IO.File.WriteAllTextAsync(File, Text);
        await using var host = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0", "--data", File], Development);

        Assert.Equal(1, await host.Ended(Soon));
        Assert.Contains("no SQLite database", Assert.Single(host.Error.Lines), StringComparison.Ordinal);
        Assert.Equal(Text, await System.IO.File.ReadAllTextAsync(File));
    }

    Task Using(Func<RunningHost, Task> use) => RunningHost.Over(File, use);

    static async Task End(RunningHost host)
    {
        host.Process.Terminate();
        Assert.Equal(0, await host.Process.Ended(Soon));
    }
}
