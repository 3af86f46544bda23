using System.Net.Http.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Tests.Fakes;

namespace Evergrain.Gateway.Tests;

/// <summary><c>/v1/ops/entities</c> and what lies under it.</summary>
public sealed class EntityDoorTests
{
    [Fact]
    public async Task Entities_are_listed_by_what_the_query_says_and_a_page_names_the_next()
    {
        await using var host = await DoorHost.Start();
        var page = await host.Http.GetFromJsonAsync("/v1/ops/entities?kind=player&limit=5&writtenBy=battle@1.1.0&sinceEpoch=7&after=player/bob", ContractsJson.Default.EntityList);
        await host.Http.GetStringAsync("/v1/ops/entities");

        Assert.Equal("battle/room-17", page!.Next.ToString());
        Assert.Equal(
        [
            new EntityFilter { Kind = "player", Limit = 5, WrittenBy = new("battle", "1.1.0"), SinceEpoch = 7, After = new("player", "bob") },
            new EntityFilter(),
        ], host.Entities.Listed);
    }

    [Fact]
    public async Task Everything_wrong_with_a_query_is_told_at_once_and_nothing_is_asked()
    {
        await using var host = await DoorHost.Start();
        var answer = await host.Http.GetAsync("/v1/ops/entities?kind=Player&limit=10001&writtenBy=battle&sinceEpoch=-1&after=room&written-by=x&limit=3");
        var problem = await answer.Content.ReadFromJsonAsync(ContractsJson.Default.Problem);

        Assert.Equal((400, ErrorCodes.BadRequest), ((int)answer.StatusCode, problem!.Code));
        Assert.Equal(["kind", "writtenBy", "sinceEpoch", "limit", "after", "written-by"], problem.Findings!.Select(finding => finding.Where));
        Assert.Empty(host.Entities.Listed);
    }

    [Fact]
    public async Task Quarantined_entities_are_listed_and_each_act_names_entity_actor_and_reason()
    {
        await using var host = await DoorHost.Start();
        var list = await host.Http.GetFromJsonAsync("/v1/ops/quarantine?limit=5&after=battle/a", ContractsJson.Default.QuarantineList);
        foreach (var act in new[] { "retry", "restore", "discard" })
            Assert.True((await host.Http.PostAsJsonAsync($"/v1/ops/quarantine/battle/room-17/{act}", new OperatorReason("ticket 7"), ContractsJson.Default.OperatorReason)).IsSuccessStatusCode);
        var wrong = await host.Http.PostAsJsonAsync("/v1/ops/quarantine/Battle/x/discard", new OperatorReason("ticket 7"), ContractsJson.Default.OperatorReason);

        var unexplained = await host.Http.PostAsync("/v1/ops/quarantine/battle/room-17/discard", null);

        Assert.Equal("battle/room-17", Assert.Single(list!.Entities).Id.ToString());
        Assert.Equal((400, 400), ((int)wrong.StatusCode, (int)unexplained.StatusCode));
        Assert.Equal(["list after battle/a 5", "unverified retry battle/room-17 ticket 7", "unverified restore battle/room-17 ticket 7", "unverified discard battle/room-17 ticket 7"], host.Entities.Done);
    }

    [Fact]
    public async Task Export_import_and_check_are_asked_for_in_parts_and_wrong_ones_are_told_whole()
    {
        await using var host = await DoorHost.Start();
        var page = await host.Http.GetFromJsonAsync("/v1/ops/state/export?kind=battle&after=battle/a", ContractsJson.Default.ExportPage);
        await host.Http.GetStringAsync("/v1/ops/state/check?kind=battle");
        Assert.True((await host.Http.PostAsync("/v1/ops/state/import?existing=skip&dryRun=1&firstLine=501", new StringContent("{\"a\":1}\n{}\n"))).IsSuccessStatusCode);
        var wrong = await host.Http.PostAsync("/v1/ops/state/import?existing=drop&dryRun=yes&firstLine=0&what=1", new StringContent(new string('\n', ExportPage.MaxLines + 1)));

        Assert.Equal("battle/room-17", page!.Next.ToString());
        Assert.Equal(["export battle battle/a 1000", "check battle ", "unverified import {\"a\":1}|{} Skip True 501"], host.Entities.Done);
        Assert.Equal(["existing", "dryRun", "firstLine", "what", "body"], (await wrong.Content.ReadFromJsonAsync(ContractsJson.Default.Problem))!.Findings!.Select(finding => finding.Where));
    }
}
