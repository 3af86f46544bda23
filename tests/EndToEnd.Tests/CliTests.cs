using System.Text.Json.Serialization.Metadata;
using Evergrain.Bots;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Evergrain.EndToEnd.Tests;

/// <summary>The ops client as a process against a host as a process. What it prints as JSON is read strictly, by the contracts.</summary>
public sealed class CliTests(RunningHost host, ITestOutputHelper output) : IClassFixture<RunningHost>, IDisposable
{
    [Fact]
    public async Task A_version_is_published_rolled_out_seen_in_the_game_and_taken_back()
    {
        var epoch = (await host.Ops.Status()).Epoch;

        var receipt = Assert.Single(await Run(0, ContractsJson.Default.IReadOnlyListPackageReceipt, "publish", Built.GameFile("battle", "1.1.0")));
        Assert.Equal(("battle", "1.1.0", false), (receipt.Name, receipt.Version, receipt.Created));

        var there = await Run(0, ContractsJson.Default.RolloutStatus, "rollout", "start", "battle@1.1.0", "--reason", "numbers");
        Assert.Equal((RolloutPhase.Permanent, epoch + 1, "numbers", "unverified"), (there.Phase, there.Epoch, there.Reason, there.Actor));
        Assert.Contains(Assert.Single(there.Modules).Methods, method => method.StartsWith("~ ", StringComparison.Ordinal));
        Assert.Equal("battle@1.1.0", (await host.WhoServes()).Version);
        Assert.Equal(there.Id, (await Run(0, ContractsJson.Default.RolloutStatus, "rollout", "status")).Id);

        var back = await Run(0, ContractsJson.Default.RolloutStatus, "undo");
        Assert.Equal((RolloutPhase.Permanent, epoch + 2, true), (back.Phase, back.Epoch, back.Undo));
        Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);

        var releases = await Run(0, ContractsJson.Default.IReadOnlyListReleaseStatus, "history");
        Assert.Equal([epoch + 2, epoch + 1], releases.Take(2).Select(release => release.Epoch));
        Assert.Equal(epoch + 1, releases[0].Undoes);
        var status = await Run(0, ContractsJson.Default.ClusterStatus, "status");
        Assert.Equal(epoch + 2, status.Epoch);
        Assert.Equal(3, status.Silos.Count);
        Assert.All(status.Silos, silo => Assert.Contains(silo.Modules, slot => slot is { Name: "battle", Version: "1.1.0", State: SlotState.Gone }));
    }

    [Fact]
    public async Task An_entity_is_listed_and_shown()
    {
        await host.Answer("wallet/shown/wallet.credit", """{"amount":7}""");

        var list = await Run(0, ContractsJson.Default.EntityList, "entities", "list", "--kind", "wallet");
        Assert.Contains(list.Entities, row => row.Id == new EntityId("wallet", "shown") && row.Modules.SequenceEqual(["wallet@1.0.0"]));

        var view = await Run(0, ContractsJson.Default.EntityView, "entities", "show", "wallet/shown");
        Assert.Equal(7, Assert.Single(view.Slices).State.GetProperty("gold").GetInt64());
    }

    [Fact]
    public async Task Bots_play_and_find_nothing_wrong()
    {
        var report = await Run(0, BotJson.Default.BotReport, "bots", "--players", "4", "--seconds", "2");

        Assert.Empty(report.Breaches);
        Assert.True(report.Calls.Succeeded > 0);
    }

    [Fact]
    public async Task A_crowd_logs_in_at_once_and_everyone_is_answered()
    {
        var report = await Run(0, BotJson.Default.BotReport, "bots", "--players", "2", "--seconds", "1", "--stampede", "200");

        Assert.Empty(report.Breaches);
        Assert.Equal((200, 0), (report.Stampede!.Answered + report.Stampede.Refused, report.Stampede.Unanswered));
        Assert.True(report.Stampede.Answered > 0);
    }

    [Fact]
    public async Task A_rollout_is_given_up_while_silos_still_try_and_nothing_of_it_is_left()
    {
        // No silo can load it, and each tries again ever more rarely: it is being prepared until somebody says no.
        await host.Ops.Published(Forge.Code("battle", "9.0.4", "Bad.Configure", "Bad.Configure.ThrowingModule"));
        var epoch = (await host.Ops.Status()).Epoch;
        var begun = await Run(0, ContractsJson.Default.RolloutAccepted, "rollout", "start", "battle@9.0.4", "--prepare-retries", "10", "--deadline", "60", "--no-wait");

        var given = await Run(0, ContractsJson.Default.RolloutStatus, "rollout", "abort", begun.Id, "--reason", "wrong file");

        Assert.True(given.Phase is RolloutPhase.Aborting or RolloutPhase.Aborted);
        var ended = await host.Ops.Ended(begun.Id);
        Assert.Equal((RolloutPhase.Aborted, null), (ended.Phase, ended.Epoch));
        Assert.Contains(ended.Findings, finding => finding.Message.Contains("wrong file", StringComparison.Ordinal));
        Assert.Equal((epoch, "battle@1.0.0"), ((await host.Ops.Status()).Epoch, (await host.WhoServes()).Version));
        Assert.Equal(ErrorCodes.RolloutEnded, (await Problem(3, "rollout", "abort", begun.Id)).Code);
    }

    [Theory]
    [InlineData(2, "wrong-usage", "rollout", "start", "battle")]
    [InlineData(6, ErrorCodes.UnknownVersion, "rollout", "start", "battle@9.9.9")]
    [InlineData(6, ErrorCodes.UnknownRollout, "rollout", "status", "none")]
    [InlineData(6, ErrorCodes.NotFound, "entities", "show", "wallet/never-seen")]
    [InlineData(3, ErrorCodes.NothingToDo, "rollout", "start", "wallet@1.0.0")]
    public async Task What_cannot_be_done_has_its_exit_code_and_one_problem(int exitCode, string code, params string[] arguments) =>
        Assert.Equal(code, (await Problem(exitCode, arguments)).Code);

    [Fact]
    public async Task A_bad_package_is_refused_with_every_finding()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Forge.Zip(("lib/Some.dll", [1])));

            var problem = await Problem(3, "publish", file);

            Assert.Equal(ErrorCodes.BadPackage, problem.Code);
            Assert.Equal(["package/bad-manifest", "package/bad-signature"], problem.Findings!.Select(finding => finding.Code));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_rollout_that_every_silo_refuses_is_a_failure_with_its_findings()
    {
        await host.Ops.Published(Forge.Code("battle", "9.0.1", "Bad.Configure", "Bad.Configure.ThrowingModule"));

        var rollout = await Run(1, ContractsJson.Default.RolloutStatus, "rollout", "start", "battle@9.0.1", "--prepare-retries", "0");

        Assert.Equal(RolloutPhase.Aborted, rollout.Phase);
        Assert.Equal(["silo-1", "silo-2", "silo-3"], rollout.Silos.Select(silo => silo.Silo).Order());
        Assert.Contains(rollout.Findings, finding => finding.Code == "module/configure-throws");
        Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);
    }

    public void Dispose() => output.WriteLine(host.Log);

    Task<T> Run<T>(int exitCode, JsonTypeInfo<T> type, params string[] arguments) => new OpsCli(host).Run(exitCode, type, arguments);
    Task<Problem> Problem(int exitCode, params string[] arguments) => new OpsCli(host).Problem(exitCode, arguments);
}
