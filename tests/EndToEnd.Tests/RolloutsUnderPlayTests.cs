using Evergrain.Bots;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Evergrain.EndToEnd.Tests;

/// <summary>The main thing: a game whose logic is replaced while it is played.</summary>
public sealed class RolloutsUnderPlayTests(ITestOutputHelper output) : IAsyncLifetime
{
    const int Players = 20;
    static readonly TimeSpan UntilStopped = TimeSpan.FromMinutes(5);
    readonly RunningHost host = new();

    public Task InitializeAsync() => host.InitializeAsync();

    [Fact]
    public async Task Twenty_players_see_nothing_wrong_through_ten_rollouts_and_the_death_of_a_silo()
    {
        using var play = new Play(host, new BotOptions { Players = Players, Duration = UntilStopped, RoughShare = 0.2, FaultsExpected = true });

        await play.Sees("1.0.0");
        await Through(play, "1.1.0", () => host.Ops.Rollout("battle", "1.1.0"));
        await Through(play, "2.0.0", () => host.Ops.Rollout("battle", "2.0.0"));
        await Through(play, "1.1.0", host.Ops.Undo);
        await Through(play, "1.0.0", host.Ops.Undo);
        await Through(play, "1.1.0", () => host.Ops.Rollout("battle", "1.1.0"));
        await Through(play, "2.0.0", RolloutWithADeath);
        await Through(play, "1.1.0", host.Ops.Undo);
        await Through(play, "1.0.0", host.Ops.Undo);
        await Through(play, "2.0.0", () => host.Ops.Rollout("battle", "2.0.0"));
        await Through(play, "1.0.0", host.Ops.Undo);
        var report = await play.End();
        output.WriteLine(ReportText.Of(report));

        Assert.Empty(report.Breaches);
        Assert.True(report.Activity.Matches > 0);
        Assert.Equal(["battle@1.0.0", "battle@1.1.0", "battle@2.0.0"], report.Damage.ByVersion.Keys.Order());
        Assert.Equal(11, report.Calls.HighestEpoch);
        Assert.Equal(11, (await host.Ops.History()).Count);
        await OnlyTheFirstVersionLives();
    }

    [Fact]
    public async Task A_rollout_adds_no_error_to_a_run_without_one()
    {
        using var calm = new Play(host, new BotOptions { Players = Players, Duration = UntilStopped, RoughShare = 0 });
        await calm.Sees("1.0.0");
        var without = await calm.End();
        using var moved = new Play(host, new BotOptions { Players = Players, Duration = UntilStopped, RoughShare = 0 });
        await moved.Sees("1.0.0");
        await Through(moved, "1.1.0", () => host.Ops.Rollout("battle", "1.1.0"));
        await Through(moved, "2.0.0", () => host.Ops.Rollout("battle", "2.0.0"));
        await Through(moved, "1.1.0", host.Ops.Undo);
        var with = await moved.End();
        output.WriteLine(ReportText.Of(without));
        output.WriteLine(ReportText.Of(with));

        Assert.Empty(without.Breaches);
        Assert.Empty(with.Breaches);
        Assert.Empty(Faults(with).Except(Faults(without)));
    }

    public async Task DisposeAsync()
    {
        output.WriteLine(host.Log);
        await host.DisposeAsync();
    }

    // The rollout drives the pace: the next one begins when it is over and the players met its version.
    static async Task Through(Play play, string version, Func<Task<RolloutStatus>> rollout)
    {
        var ended = await rollout();
        Assert.True(ended.Phase == RolloutPhase.Permanent, $"To {version}: {ended.Phase}: {string.Join(' ', ended.Findings.Select(finding => finding.Message))}");
        Assert.Empty(ended.Findings);
        await play.Sees(version);
    }

    async Task<RolloutStatus> RolloutWithADeath()
    {
        var id = await OpsDoor.Accepted(await host.Ops.Start(new RolloutRequest { Modules = [new("battle", "2.0.0")] }));
        await host.Ops.Kill("silo-2");
        return await host.Ops.Ended(id);
    }

    // A refusal by the game's rules is an answer of the game, not an error of the house.
    static IEnumerable<string> Faults(BotReport report) => report.Calls.Errors.Keys.Where(code => !code.StartsWith("rejected:", StringComparison.Ordinal));

    async Task OnlyTheFirstVersionLives()
    {
        var status = await host.Ops.Status();
        Assert.Equal(["silo-1", "silo-3"], status.Silos.Select(silo => silo.Id).Order());
        foreach (var silo in status.Silos)
        {
            Assert.Equal(11, silo.Epoch);
            var battle = silo.Modules.Where(slot => slot.Name == "battle").ToList();
            Assert.Equal("1.0.0", Assert.Single(battle, slot => slot.State == SlotState.Serving).Version);
            Assert.Equal(SlotState.Gone, Assert.Single(battle.Select(slot => slot.State).Where(state => state != SlotState.Serving).Distinct()));
            Assert.Equal(["1.1.0", "2.0.0"], battle.Where(slot => slot.State == SlotState.Gone && slot.Version != "1.0.0").Select(slot => slot.Version).Distinct().Order());
        }
    }
}
