using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Tests;

public sealed class ScreenTests
{
    [Fact]
    public async Task Status_shows_epoch_silos_modules_with_state_and_leases_and_what_holds_a_stuck_one()
    {
        await using var door = await OpsDoor.Open();
        door.On("GET /v1/ops/status", 200, Recorded.Status with { Rollout = Recorded.Rollout(RolloutPhase.Draining) });
        var run = await door.Run("status");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"epoch 7 +2 silos +404 activations", run.Out);
        Assert.Matches(@"(?m)^battle +1\.1\.0 +serving +401 +00ff +silo-1$", run.Out);
        Assert.Matches(@"(?m)^battle +1\.0\.0 +stuck +2 +aa11 +silo-2$", run.Out);
        Assert.Contains("battle@1.0.0 on silo-2: Battle.Leak.Rooms", run.Out);
        Assert.Contains("1 slot gone", run.Out);
        Assert.Matches("rollout r-42 +draining +battle 1.0.0 → 1.1.0", run.Out);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Status_as_json_is_the_message_of_the_server()
    {
        await using var door = await OpsDoor.Open();
        door.On("GET /v1/ops/status", 200, Recorded.Status);
        var run = await door.Run("status", "--output", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(7, run.Json.GetProperty("epoch").GetInt64());
        Assert.Equal("stuck", run.Json.GetProperty("silos")[1].GetProperty("modules")[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task History_shows_the_newest_first_with_what_each_changed()
    {
        await using var door = await OpsDoor.Open();
        IReadOnlyList<ReleaseStatus> releases =
        [
            new() { Epoch = 1, Modules = [new("battle", "1.0.0")], Changes = [new("battle", null, "1.0.0", [])], Actor = "host", At = Recorded.At },
            new() { Epoch = 3, Modules = [new("battle", "1.0.0")], Changes = [new("battle", "1.1.0", "1.0.0", [])], Actor = "unverified", At = Recorded.At, Undoes = 2 },
            new() { Epoch = 2, Modules = [new("battle", "1.1.0")], Changes = [Recorded.Change], Actor = "unverified", At = Recorded.At, RolloutId = "r-1", Reason = "other numbers" },
        ];
        door.On("GET /v1/ops/releases", 200, releases);
        var text = await door.Run("history");
        var json = await door.Run("history", "--limit", "2", "--output", "json");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Matches(@"(?s)epoch 3 .*undoes epoch 2.*battle 1\.1\.0 → 1\.0\.0.*epoch 2 .*r-1.*other numbers.*battle 1\.0\.0 → 1\.1\.0.*~ Battle\.BattleModule\.Cast.*epoch 1 .*battle \+ 1\.0\.0", text.Out);
        Assert.Equal([3, 2], json.Json.EnumerateArray().Select(release => release.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public async Task An_entity_is_shown_with_slices_as_json_and_everything_that_waits_in_it()
    {
        await using var door = await OpsDoor.Open();
        door.On("GET /v1/ops/entities/battle/room-17", 200, Recorded.Room);
        var text = await door.Run("entities", "show", "battle/room-17");
        var json = await door.Run("entities", "show", "battle/room-17", "--output", "json");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Contains("\"fighters\": {\n    \"bob\": {\n      \"hp\": 70\n", text.Out.ReplaceLineEndings("\n"));
        foreach (var part in new[] { "battle@1.1.0", "schema 1", "written by battle@1.0.0 at epoch 6", "frame 1,204, running" }) Assert.Contains(part, text.Out);
        Assert.Matches("battle.cast for alice, 12.5 ms, waits for player/bob", text.Out);
        Assert.Matches(@"3 +1,224 +battle\.respawn +0 +\{""player"":""bob""\}", text.Out);
        Assert.Matches(@"wallet/bob +wallet\.credit +2 .*silo-lost", text.Out);
        Assert.Matches(@"match-report +battle\.finish +battle@1\.1\.0 +40 frames", text.Out);
        Assert.Equal(70, json.Json.GetProperty("slices")[0].GetProperty("state").GetProperty("fighters").GetProperty("bob").GetProperty("hp").GetInt32());
    }

    [Fact]
    public async Task Text_from_players_can_neither_paint_nor_move_the_cursor()
    {
        await using var door = await OpsDoor.Open();
        var rude = Recorded.Room with { Running = new("battle.cast", "\u001b[2J[red]eve[/]", 1, null) };
        door.On("GET /v1/ops/entities/battle/room-17", 200, rude);
        var run = await door.Run("entities", "show", "battle/room-17");

        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains(@"\u001b[2J[red]eve[/]", run.Out);
    }

    [Fact]
    public async Task Packages_are_listed()
    {
        await using var door = await OpsDoor.Open();
        IReadOnlyList<PackageReceipt> packages = [new("battle", "1.1.0", new string('a', 64), 4096, false)];
        door.On("GET /v1/ops/packages", 200, packages);
        var run = await door.Run("packages");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"(?m)^battle +1\.1\.0 +4\.0 KiB +a{12}$", run.Out);
    }
}
