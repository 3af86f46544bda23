using System.Net.Http.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Evergrain.EndToEnd.Tests;

/// <summary>Rollouts that cannot be: refused with a code and what to do, nothing applied, and the next one works.</summary>
public sealed class BadRolloutTests(RunningHost host, ITestOutputHelper output) : IClassFixture<RunningHost>, IDisposable
{
    [Theory]
    [InlineData("nothing", "1.0.0", ErrorCodes.UnknownModule)]
    [InlineData("battle", "9.9.9", ErrorCodes.UnknownVersion)]
    [InlineData("wallet", "1.0.0", ErrorCodes.NothingToDo)]
    public async Task What_cannot_be_rolled_out_is_refused(string name, string version, string code)
    {
        var before = await host.WhoServes();

        var problem = await OpsDoor.Problem(await host.Ops.Start(Request(new ModuleId(name, version))));

        Assert.Equal((code, Ran.No), (problem.Code, problem.Ran));
        Assert.Equal(before, await host.WhoServes());
    }

    [Fact]
    public async Task All_that_is_unknown_is_said_at_once()
    {
        var problem = await OpsDoor.Problem(await host.Ops.Start(Request(new ModuleId("nothing", "1.0.0"), new ModuleId("battle", "9.9.9"))));

        Assert.Equal([ErrorCodes.UnknownModule, ErrorCodes.UnknownVersion], problem.Findings!.Select(finding => finding.Code));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_body_is_said_at_once()
    {
        var body = JsonContent.Create(new { modules = Array.Empty<string>(), deadlineSeconds = 0, prepareRetries = "many", colour = "red" });

        var problem = await OpsDoor.Problem(await host.Http.PostAsync("/v1/ops/rollouts", body));

        Assert.Equal(ErrorCodes.BadRequest, problem.Code);
        Assert.Equal(["colour", "deadlineSeconds", "modules", "prepareRetries"], problem.Findings!.Select(finding => finding.Where).Order());
    }

    [Fact]
    public async Task A_second_rollout_while_one_runs_is_refused_and_the_first_goes_on()
    {
        // It throws in Configure: eleven tries with growing pauses, half a minute of them, hold the first until it is aborted here.
        await host.Ops.Published(Forge.Code("battle", "9.0.1", "Bad.Configure", "Bad.Configure.ThrowingModule"));
        var first = await OpsDoor.Accepted(await host.Ops.Start(Request(new ModuleId("battle", "9.0.1")) with { PrepareRetries = 10, DeadlineSeconds = 3600 }));
        await OpsDoor.Until(async () => (await host.Ops.Show(first)).Phase is RolloutPhase.Preparing, () => "the first rollout prepares");
        var there = Request(new ModuleId("battle", "1.1.0"));

        var refused = await OpsDoor.Problem(await host.Ops.Start(there));
        var running = await host.Ops.Show(first);

        Assert.Equal((ErrorCodes.RolloutRunning, Ran.No), (refused.Code, refused.Ran));
        Assert.Contains(first, refused.Detail, StringComparison.Ordinal);
        Assert.Equal(RolloutPhase.Preparing, running.Phase);
        await OpsDoor.Until(async () => (await host.Ops.Show(first)).Silos.All(silo => silo.Tries > running.Silos.Max(before => before.Tries)), () => "every silo tries the first once more");

        await host.Ops.Abort(first);
        Assert.Equal(RolloutPhase.Aborted, (await host.Ops.Ended(first)).Phase);
        Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);
        Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Ended(await OpsDoor.Accepted(await host.Ops.Start(there)))).Phase);
        Assert.Equal("battle@1.1.0", (await host.WhoServes()).Version);
        Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Rollout("battle", "1.0.0")).Phase);
        Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);
    }

    [Fact]
    public async Task A_rollout_that_nobody_knows_cannot_be_shown_or_aborted()
    {
        Assert.Equal(ErrorCodes.UnknownRollout, (await OpsDoor.Problem(await host.Http.GetAsync("/v1/ops/rollouts/none"))).Code);
        Assert.Equal(ErrorCodes.UnknownRollout, (await OpsDoor.Problem(await host.Http.PostAsync("/v1/ops/rollouts/none/abort", null))).Code);
    }

    [Fact]
    public async Task A_silo_that_nobody_knows_cannot_be_killed() =>
        Assert.Equal(ErrorCodes.NotFound, (await OpsDoor.Problem(await host.Http.PostAsync("/v1/ops/silos/silo-77/kill", null))).Code);

    public void Dispose() => output.WriteLine(host.Log);

    static RolloutRequest Request(params ModuleId[] modules) => new() { Modules = modules };
}
