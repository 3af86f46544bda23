using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;

namespace Evergrain.EndToEnd.Tests;

/// <summary>What operators do about state, by the ops client against hosts over files.</summary>
public sealed class OperatorsTests : IDisposable
{
    static readonly EntityId Crown = new("relic", "crown"), Sword = new("relic", "sword");
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-operators");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_version_of_no_return_is_rehearsed_accepted_taken_back_and_what_it_left_behind_is_mended() => await RunningHost.Over(Named("game.db"), async host =>
    {
        var cli = new OpsCli(host);
        await host.Ops.Published(Built.Fixture("relic", "1.0.0"));
        await host.Ops.Published(Built.Fixture("relic", "2.0.0"));
        await cli.Run(0, ContractsJson.Default.RolloutStatus, "rollout", "start", "relic@1.0.0");
        foreach (var relic in new[] { Crown, Sword }) Assert.Equal(1, await Age(host, relic));

        Assert.Equal(ErrorCodes.OneWay, (await cli.Problem(3, "rollout", "start", "relic@2.0.0")).Code);
        Assert.Contains("2 rehearsed, 0 differences", await cli.Text("rollout", "start", "relic@2.0.0", "--one-way"), StringComparison.Ordinal);
        var bad = (await host.Ops.Status()).Epoch;
        foreach (var relic in new[] { Crown, Sword }) Assert.Equal(2, await Age(host, relic));
        Assert.Equal(ErrorCodes.OneWay, (await cli.Problem(3, "undo")).Code);
        Assert.Equal((RolloutPhase.Permanent, bad + 1), await Undone(cli));

        foreach (var relic in new[] { Crown, Sword }) Assert.Equal(ErrorCodes.EntityQuarantined, (await OpsDoor.Problem(await host.Call($"{relic}/relic.look"))).Code);
        Assert.Equal([Crown, Sword], (await cli.Run(0, ContractsJson.Default.QuarantineList, "entities", "quarantined")).Entities.Select(entity => entity.Id));
        Assert.Equal([Crown, Sword], await WrittenBy(cli, "relic@2.0.0", bad));
        Assert.Empty(await WrittenBy(cli, "relic@2.0.0", bad + 1));
        Assert.Equal(2, (await cli.Run(1, ContractsJson.Default.StateReport, "state", "check")).Problems["state/no-step"]);

        var retried = await cli.Run(1, ContractsJson.Default.QuarantineOutcome, "entities", "quarantined", "retry", $"{Crown}");
        Assert.Equal((false, ErrorCodes.EntityQuarantined), (retried.Serves, retried.Why?.Code));
        Assert.True((await cli.Run(0, ContractsJson.Default.QuarantineOutcome, "entities", "quarantined", "restore", $"{Crown}", "--reason", "ticket 7")).Serves);
        Assert.False((await cli.Run(0, ContractsJson.Default.QuarantineOutcome, "entities", "quarantined", "discard", $"{Sword}", "--reason", "ticket 7")).Serves);
        Assert.Empty((await cli.Run(0, ContractsJson.Default.QuarantineList, "entities", "quarantined")).Entities);
        Assert.Equal((2, 1), (await Age(host, Crown), await Age(host, Sword)));
        Assert.Equal(0, (await cli.Run(0, ContractsJson.Default.StateReport, "state", "check")).Bad);
    });

    [Fact]
    public async Task What_was_exported_serves_in_a_second_host_and_what_was_backed_up_in_a_third()
    {
        var (lines, backup) = (Named("game.jsonl"), Named("backup.db"));
        await RunningHost.Over(Named("game.db"), async host =>
        {
            var cli = new OpsCli(host);
            await host.Answer("wallet/bob/wallet.credit", """{"amount":7}""");
            await cli.Run(0, ContractsJson.Default.RolloutStatus, "rollout", "start", "battle@1.1.0");
            Assert.Contains("in " + lines, await cli.Text("export", "--out", lines), StringComparison.Ordinal);
            Assert.Contains("in " + backup, await cli.Text("backup", "--out", backup), StringComparison.Ordinal);
            await host.Answer("wallet/bob/wallet.credit", """{"amount":1}""");
        });
        Assert.Contains("wallet/bob", await File.ReadAllTextAsync(lines), StringComparison.Ordinal);

        await RunningHost.Over(Named("second.db"), async host =>
        {
            var cli = new OpsCli(host);
            var exported = (await File.ReadAllLinesAsync(lines)).Length;
            Assert.Equal(new ImportReport(exported, 0, 0, 0), await cli.Run(0, ContractsJson.Default.ImportReport, "import", lines));
            Assert.Equal(7, Crash.Gold(await host.Answer("wallet/bob/wallet.balance")));
            Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);
        });
        await RunningHost.Over(backup, async host =>
        {
            Assert.Contains("incarnation 2 begins", host.Log, StringComparison.Ordinal);
            Assert.Equal(7, Crash.Gold(await host.Answer("wallet/bob/wallet.balance")));
            Assert.Equal("battle@1.1.0", (await host.WhoServes()).Version);
        }, "--new-incarnation");
    }

    string Named(string file) => Path.Combine(folder.FullName, file);

    static async Task<int> Age(RunningHost host, EntityId relic) => (await host.Answer($"{relic}/relic.age")).GetProperty("age").GetInt32();

    static async Task<(RolloutPhase, long?)> Undone(OpsCli cli)
    {
        var undo = await cli.Run(0, ContractsJson.Default.RolloutStatus, "undo", "--one-way");
        return (undo.Phase, undo.Epoch);
    }

    static async Task<IEnumerable<EntityId>> WrittenBy(OpsCli cli, string version, long since) =>
        (await cli.Run(0, ContractsJson.Default.EntityList, "entities", "list", "--written-by", version, "--since-epoch", $"{since}")).Entities.Select(row => row.Id);
}
