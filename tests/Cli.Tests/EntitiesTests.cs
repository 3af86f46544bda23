using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Tests;

public sealed class EntitiesTests
{
    static readonly EntityRow One = new(new("battle", "room-1"), "silo-1", 7, ["battle@1.1.0"]);
    static readonly EntityRow Two = new(new("battle", "room-2"), null, 6, ["battle@1.0.0", "quest@1.0.0"]);

    [Fact]
    public async Task Entities_are_listed_by_kind_up_to_the_limit()
    {
        await using var door = await OpsDoor.Open();
        door.On("GET /v1/ops/entities?limit=2&kind=battle", 200, new EntityList([One, Two]) { Next = Two.Id });
        var run = await door.Run("entities", "list", "--kind", "battle", "--limit", "2");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"(?m)^battle/room-1 +silo-1 +7 +battle@1\.1\.0$", run.Out);
        Assert.Matches(@"(?m)^battle/room-2 +asleep +6 +battle@1\.0\.0 quest@1\.0\.0$", run.Out);
        Assert.Contains("--after battle/room-2", run.Out);
    }

    [Fact]
    public async Task What_a_version_wrote_is_asked_for_page_after_page_also_where_a_page_is_empty()
    {
        await using var door = await OpsDoor.Open();
        const string Query = "&writtenBy=battle%401.1.0&sinceEpoch=7";
        door.On($"GET /v1/ops/entities?limit=3{Query}", 200, new EntityList([One]) { Next = new("battle", "room-1"), Unreadable = 1 });
        door.On($"GET /v1/ops/entities?limit=2{Query}&after=battle%2Froom-1", 200, new EntityList([]) { Next = new("battle", "room-19") });
        door.On($"GET /v1/ops/entities?limit=2{Query}&after=battle%2Froom-19", 200, new EntityList([Two]) { Unreadable = 1 });
        var run = await door.Run("entities", "list", "--written-by", "battle@1.1.0", "--since-epoch", "7", "--limit", "3", "--output", "json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["battle/room-1", "battle/room-2"], run.Json.GetProperty("entities").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
        Assert.Equal(2, run.Json.GetProperty("unreadable").GetInt32());
        Assert.False(run.Json.TryGetProperty("next", out _));
    }

    [Fact]
    public async Task Everything_wrong_with_a_list_is_told_at_once()
    {
        var run = await CliProcess.Run("entities", "list", "--kind", "Battle", "--written-by", "battle", "--since-epoch", "0", "--limit", "10001", "--after", "room-1", "--output", "json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(5, run.Problem.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_state_that_is_hidden_says_why()
    {
        await using var door = await OpsDoor.Open();
        var slice = Recorded.Room.Slices[0] with { State = Recorded.Null, Hidden = "No published version of battle has it." };
        door.On("GET /v1/ops/entities/battle/room-17", 200, Recorded.Room with { Slices = [slice] });
        var run = await door.Run("entities", "show", "battle/room-17");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("hidden No published version of battle has it.", run.Out);
    }

    [Fact]
    public async Task Quarantined_entities_are_listed_with_why_and_one_that_still_does_not_serve_is_exit_code_1()
    {
        await using var door = await OpsDoor.Open();
        var why = new CallError(ErrorCodes.EntityQuarantined, Ran.No, "no step leads from schema 3 to 2.", "wait");
        door.On("GET /v1/ops/quarantine?limit=100", 200, new QuarantineList([new(One.Id, "silo-1", why)]));
        door.On("POST /v1/ops/quarantine/battle/room-1/retry", 200, new QuarantineOutcome(One.Id, false, why));
        door.On("POST /v1/ops/quarantine/battle/room-1/restore", 200, new QuarantineOutcome(One.Id, true));
        var list = await door.Run("entities", "quarantined");
        var retry = await door.Run("entities", "quarantined", "retry", "battle/room-1");
        var restore = await door.Run("entities", "quarantined", "restore", "battle/room-1", "--reason", "ticket 7");
        var unexplained = await door.Run("entities", "quarantined", "discard", "battle/room-1");
        var wrong = await door.Run("entities", "quarantined", "--limit", "0", "--after", "x", "--output", "json");

        Assert.Equal((0, 1, 0, 2, 2), (list.ExitCode, retry.ExitCode, restore.ExitCode, unexplained.ExitCode, wrong.ExitCode));
        Assert.Matches(@"(?m)^battle/room-1 +silo-1 +no step leads from schema 3 to 2\.", list.Out);
        Assert.Contains("does not serve entity-quarantined", retry.Out);
        Assert.Contains("battle/room-1 serves again", restore.Out);
        Assert.Contains("--reason", unexplained.Error);
        Assert.Equal(2, wrong.Problem.GetProperty("findings").GetArrayLength());
        Assert.Equal("""{"reason":"ticket 7"}""", System.Text.Encoding.UTF8.GetString(door.Requests.Single(request => request.Route.EndsWith("restore", StringComparison.Ordinal)).Body).Replace(" ", "").Replace("\n", "").Replace("ticket7", "ticket 7"));
    }

    [Fact]
    public async Task An_export_is_written_whole_and_an_import_judges_every_part_before_the_first_is_applied()
    {
        var folder = Directory.CreateTempSubdirectory("evergrain-export");
        try
        {
            var file = Path.Combine(folder.FullName, "all.jsonl");
            await using var door = await OpsDoor.Open();
            door.On("GET /v1/ops/state/export", 200, new ExportPage([.. Enumerable.Range(0, 600).Select(i => $"{{\"n\":{i}}}")], []) { Next = One.Id });
            door.On("GET /v1/ops/state/export?after=battle%2Froom-1", 200, new ExportPage(["{}"], []));
            Assert.Equal(0, (await door.Run("export", "--out", file)).ExitCode);
            Assert.Equal(601, File.ReadLines(file).Count());
            Assert.Equal(2, (await door.Run("export", "--out", file)).ExitCode);

            door.On("POST /v1/ops/state/import?existing=skip&dryRun=1&firstLine=1", 200, new ImportReport(500, 0, 0, 0));
            door.Refuses("POST /v1/ops/state/import?existing=skip&dryRun=1&firstLine=501", Recorded.Refusal(ErrorCodes.BadRequest, 400, "1 thing", new Finding("import/bad-line", "line 601", "It is no record.", "mend it")));
            var refused = await door.Run("import", file, "--existing", "skip");
            Assert.Equal(3, refused.ExitCode);
            Assert.Contains("line 601", refused.Error);
            Assert.DoesNotContain(door.Requests, request => request.Route.Contains("dryRun=0", StringComparison.Ordinal));

            foreach (var (dry, first, count) in new[] { (1, 501, 101), (0, 1, 500), (0, 501, 101) })
                door.On($"POST /v1/ops/state/import?existing=skip&dryRun={dry}&firstLine={first}", 200, new ImportReport(count, 0, 0, 0));
            var done = await door.Run("import", file, "--existing", "skip", "--output", "json");
            Assert.Equal((0, 601), (done.ExitCode, done.Json.GetProperty("created").GetInt32()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_state_check_adds_its_pages_up_and_ends_with_1_when_something_would_not_load()
    {
        await using var door = await OpsDoor.Open();
        var example = new Finding("state/no-step", "battle/room-1", "No step leads from schema 4 to 1.", "roll out a version with it");
        door.On("GET /v1/ops/state/check", 200, new StateReport(2000, new Dictionary<string, long> { ["state/no-step"] = 1 }, [example]) { Bad = 1, Next = One.Id });
        door.On("GET /v1/ops/state/check?after=battle%2Froom-1", 200, new StateReport(7, new Dictionary<string, long> { ["state/no-step"] = 2 }, [example]) { Bad = 2 });
        var run = await door.Run("state", "check");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("2,007 records read, 3 would not load", run.Out);
        Assert.Matches("state/no-step +3", run.Out);
        Assert.Contains("battle/room-1: No step leads from schema 4 to 1.", run.Out);
    }
}
