using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.EndToEnd.Tests.Running;
using Evergrain.Stores.Tests.Stores;

namespace Evergrain.EndToEnd.Tests;

/// <summary>A host with <c>--data</c> of a PostgreSQL database.</summary>
public sealed class PostgresHostTests : IAsyncLifetime
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    readonly PostgresServer server = new();
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evergrain-dump");

    public async Task InitializeAsync()
    {
        await server.Make();
        server.Execute("postgres", "CREATE DATABASE game");
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [PostgresFact]
    public Task What_was_acknowledged_before_kill_9_is_there_afterwards() => Crash.LosesNothing(server.Connection("game"), calls: 700);

    [PostgresFact]
    public async Task A_server_that_is_away_for_a_while_is_a_typed_error_and_then_the_game_goes_on() => await RunningHost.Over(server.Connection("game"), async host =>
    {
        await host.Answer("wallet/bob/wallet.credit", """{"amount":7}""");
        await server.Stop();
        var problem = await OpsDoor.Problem(await host.Call("wallet/bob/wallet.credit", """{"amount":1}"""));
        Assert.Equal("store-unavailable", problem.Code);
        Assert.NotNull(problem.RetryAfterMs);
        await Unavailable(host.Http.GetAsync("/v1/ops/entities"));
        await Unavailable(host.Ops.Publish(Built.Game("battle", "1.1.0")));
        await Unavailable(host.Ops.Start(new RolloutRequest { Modules = [new ModuleId("battle", "1.1.0")] }));

        await server.Start();
        await OpsDoor.Until(async () => (await host.Call("wallet/bob/wallet.credit", """{"amount":2}""")).IsSuccessStatusCode, () => "the wallet answers");
        Assert.InRange(Crash.Gold(await host.Answer("wallet/bob/wallet.balance")), 9, 7 + 1 + 2);
        await host.Process.Out.Line(line => line.Contains("The store game on 127.0.0.1", StringComparison.Ordinal) && line.Contains("does not answer", StringComparison.Ordinal)).WaitAsync(Soon);
        await host.Process.Out.Line(line => line.Contains("serves again", StringComparison.Ordinal)).WaitAsync(Soon);
    });

    static async Task Unavailable(Task<HttpResponseMessage> asked)
    {
        var problem = await OpsDoor.Problem(await asked);
        Assert.Equal(("store-unavailable", 1000), (problem.Code, problem.RetryAfterMs));
    }

    [PostgresFact]
    public async Task A_dump_becomes_another_database_and_a_new_life_of_the_store()
    {
        var dump = Path.Combine(folder.FullName, "game.dump");
        await RunningHost.Over(server.Connection("game"), async host =>
        {
            await host.Answer("wallet/bob/wallet.credit", """{"amount":7}""");
            Assert.Equal(RolloutPhase.Permanent, (await host.Ops.Rollout("battle", "1.1.0")).Phase);
            await server.Dump("game", dump);
            await host.Answer("wallet/bob/wallet.credit", """{"amount":1}""");
        });

        server.Execute("postgres", "CREATE DATABASE game2");
        await server.Restore(dump, "game2");
        await RunningHost.Over(server.Connection("game2"), async host =>
        {
            Assert.Contains("incarnation 2 begins", host.Log, StringComparison.Ordinal);
            Assert.Equal(7, Crash.Gold(await host.Answer("wallet/bob/wallet.balance")));
            Assert.Equal(("battle@1.1.0", 2), ((await host.WhoServes()).Version, (await host.Ops.Status()).Epoch));
            Assert.Equal(9, Crash.Gold(await host.Answer("wallet/bob/wallet.credit", """{"amount":2}""")));
        }, "--new-incarnation");
    }

    [PostgresFact]
    public async Task A_database_that_cannot_be_reached_is_told_in_one_line_without_the_password()
    {
        await using var host = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0", "--data", "postgres://ann:hush@127.0.0.1:1/game"]);

        Assert.Equal(1, await host.Ended(Soon));
        var line = Assert.Single(host.Error.Lines);
        Assert.Contains("game on 127.0.0.1:1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", line, StringComparison.Ordinal);
    }
}

/// <summary>A test that needs a PostgreSQL server of its own.</summary>
internal sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.WhyNot!;
}
