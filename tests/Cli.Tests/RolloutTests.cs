using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Cli.Tests;

public sealed class RolloutTests
{
    const string Start = "POST /v1/ops/rollouts";
    const string Look = "GET /v1/ops/rollouts/r-42";

    [Fact]
    public async Task Start_waits_until_it_is_permanent_and_shows_each_phase_without_escape_codes()
    {
        await using var door = await Accepting(RolloutPhase.Preparing, RolloutPhase.Prepared, RolloutPhase.Draining, RolloutPhase.Permanent);
        // Build servers set these; redirected output stays plain all the same.
        var run = await CliProcess.Run(
            ["rollout", "start", "battle@1.1.0", "lobby@2.0.0-rc.1", "--reason", "other numbers", "--deadline", "20", "--prepare-retries", "0", "--one-way", "--accept-differences", "--server", door.Url],
            new() { ["GITHUB_ACTIONS"] = "true", ["TERM"] = "xterm-256color", ["COLORTERM"] = "truecolor" });

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var phases = new[] { "preparing", "prepared", "draining", "permanent" }.Select(phase => run.Out.IndexOf($" s  {phase}", StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, phases);
        Assert.Equal(phases.Order(), phases);
        Assert.Contains("epoch 8 serves battle 1.0.0 → 1.1.0", run.Out);
        Assert.DoesNotContain('\u001b', run.Out);

        var sent = JsonSerializer.Deserialize(door.Requests[0].Body, ContractsJson.Default.RolloutRequest)!;
        Assert.Equal([new("battle", "1.1.0"), new("lobby", "2.0.0-rc.1")], sent.Modules);
        Assert.Equal(("other numbers", 20, 0, false, true, true), (sent.Reason, sent.DeadlineSeconds, sent.PrepareRetries, sent.DryRun, sent.OneWay, sent.AcceptDifferences));
    }

    [Fact]
    public async Task An_aborted_rollout_is_exit_code_1_with_every_finding_and_what_to_do()
    {
        await using var door = await Accepting([Recorded.Rollout(RolloutPhase.Aborted, Recorded.Throws with { Silo = "silo-1" }, Recorded.Throws with { Silo = "silo-2" }, Recorded.BadPath)]);
        var run = await door.Run("rollout", "start", "battle@1.1.0");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("aborted after 0.33 s: 2 findings; what served before still serves", run.Out);
        Assert.Contains($"next: {Recorded.Throws.Next}", run.Error);
        Assert.Contains("on silo-1, silo-2", run.Error);
        Assert.Contains(Recorded.BadPath.Message, run.Error);
    }

    [Fact]
    public async Task A_rollout_that_leaves_something_of_the_old_version_is_done_and_says_what_stayed()
    {
        var stuck = new Finding("rollout/stuck", "battle@1.0.0", "A static field holds its code.", "look at Battle.Leak.Rooms");
        await using var door = await Accepting([Recorded.Rollout(RolloutPhase.Permanent, stuck)]);
        var run = await door.Run("rollout", "start", "battle@1.1.0");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("1 finding about what the old version left", run.Out);
        Assert.Contains(stuck.Next, run.Error);
    }

    [Fact]
    public async Task What_was_rehearsed_is_told_before_the_commit_and_at_the_end_and_a_dry_run_tells_it_too()
    {
        static RolloutStatus With(RolloutStatus status, RehearsalCount count) =>
            status with { Silos = [.. status.Silos.Select((silo, i) => i == 0 ? silo with { Rehearsal = count } : silo)] };
        var good = new RehearsalCount(1000, 0, 0, 12, 0);
        await using var door = await Accepting([With(Recorded.Rollout(RolloutPhase.Prepared), good), With(Recorded.Rollout(RolloutPhase.Permanent), good)]);
        var run = await door.Run("rollout", "start", "battle@1.1.0");
        Assert.Equal(3, run.Out.Split("1,000 rehearsed, 0 differences").Length - 1); // prepared, permanent, and what it came to

        await using var dry = await Accepting([With(Recorded.Rollout(RolloutPhase.Aborted, Recorded.Throws), new RehearsalCount(1000, 1, 2, 12, 1)) with { DryRun = true }]);
        var failed = await dry.Run("rollout", "start", "battle@1.1.0", "--dry-run");
        Assert.Contains("1,000 rehearsed, 1 difference, 2 failures, 1 of 12 entries cannot run", failed.Out);
    }

    [Fact]
    public async Task With_json_output_the_last_state_is_the_only_thing_on_standard_out()
    {
        await using var door = await Accepting([Recorded.Rollout(RolloutPhase.Preparing), Recorded.Rollout(RolloutPhase.Aborted, Recorded.Throws)]);
        var run = await door.Run("rollout", "start", "battle@1.1.0", "-o", "json");

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Equal("aborted", run.Json.GetProperty("phase").GetString());
        Assert.Equal(Recorded.Throws.Code, run.Json.GetProperty("findings")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_dry_run_that_finds_nothing_is_done_though_it_is_taken_back()
    {
        await using var door = await Accepting([Recorded.Rollout(RolloutPhase.Aborted) with { DryRun = true }]);
        var run = await door.Run("rollout", "start", "battle@1.1.0", "--dry-run");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("dry run passed", run.Out);
        Assert.True(JsonSerializer.Deserialize(door.Requests[0].Body, ContractsJson.Default.RolloutRequest)!.DryRun);
    }

    [Fact]
    public async Task A_dry_run_with_findings_has_failed()
    {
        await using var door = await Accepting([Recorded.Rollout(RolloutPhase.Aborted, Recorded.Throws) with { DryRun = true }]);
        var run = await door.Run("rollout", "start", "battle@1.1.0", "--dry-run");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("dry run failed", run.Out);
        Assert.Contains(Recorded.Throws.Next, run.Error);
    }

    [Fact]
    public async Task Without_waiting_the_id_is_all()
    {
        await using var door = await Accepting(RolloutPhase.Preparing);
        var run = await door.Run("rollout", "start", "battle@1.1.0", "--no-wait", "--output", "json");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("r-42", run.Json.GetProperty("id").GetString());
        Assert.Equal([Start], door.Requests.Select(request => request.Route));
    }

    [Fact]
    public async Task A_rollout_that_takes_too_long_goes_on_and_the_message_says_where_to_look()
    {
        await using var door = await Accepting(RolloutPhase.Draining);
        var run = await door.Run("rollout", "start", "battle@1.1.0", "--timeout", "1.5");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("r-42 is still draining after 1.5 s", run.Error);
        Assert.Contains("evergrain rollout status r-42", run.Error);
    }

    [Fact]
    public async Task A_server_that_goes_away_for_a_moment_does_not_end_the_waiting()
    {
        await using var door = await Accepting(RolloutPhase.Preparing);
        var looks = 0;
        door.Does(Look, context =>
        {
            if (++looks != 2) return OpsDoor.Give(context, 200, Recorded.Rollout(looks == 1 ? RolloutPhase.Preparing : RolloutPhase.Permanent));
            context.Abort();
            return Task.CompletedTask;
        });
        var run = await door.Run("rollout", "start", "battle@1.1.0");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task What_the_server_refuses_is_shown_with_its_findings()
    {
        await using var door = await OpsDoor.Open();
        door.Refuses(Start, Recorded.Refusal(ErrorCodes.UnknownVersion, 422, "battle@9.0.0 is not published.", new Finding("rollout/unknown-version", "battle@9.0.0", "It is not published.", "evergrain publish it first")));
        var run = await door.Run("rollout", "start", "battle@9.0.0", "--output", "json");

        Assert.Equal((6, ""), (run.ExitCode, run.Out));
        Assert.Equal("unknown-version", run.Problem.GetProperty("code").GetString());
        Assert.Equal("battle@9.0.0", run.Problem.GetProperty("findings")[0].GetProperty("where").GetString());
    }

    [UnixFact]
    public async Task Interrupted_it_says_that_the_rollout_goes_on()
    {
        await using var door = await Accepting(RolloutPhase.Draining);
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var looks = 0;
        door.Does(Look, context =>
        {
            // The second look comes after the first was answered, so the client knows the phase by then.
            if (++looks == 2) looked.TrySetResult();
            return OpsDoor.Give(context, 200, Recorded.Rollout(RolloutPhase.Draining));
        });
        var run = await CliProcess.Run(["rollout", "start", "battle@1.1.0", "--server", door.Url], [], interruptWhen: looked.Task);

        Assert.Equal(130, run.ExitCode);
        Assert.Contains("Stopped watching rollout r-42 while it was draining; it goes on", run.Error);
    }

    [Fact]
    public async Task Undo_is_a_rollout_that_is_waited_for()
    {
        await using var door = await OpsDoor.Open();
        door.On("POST /v1/ops/undo", 202, new RolloutAccepted("r-42")).On(Look, 200, Recorded.Rollout(RolloutPhase.Permanent) with { Undo = true });
        var run = await door.Run("undo", "--reason", "too strong", "--deadline", "7");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal("""{"reason":"too strong","deadlineSeconds":7}""", Encoding.UTF8.GetString(door.Requests[0].Body).Replace("\n", "").Replace("  ", "").Replace(": ", ":"));
    }

    [Fact]
    public async Task Status_shows_the_named_rollout_whole()
    {
        await using var door = await Accepting([Recorded.Rollout(RolloutPhase.Aborted, Recorded.Throws)]);
        var run = await door.Run("rollout", "status", "r-42");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        foreach (var part in new[] { "r-42", "aborted", "silo-2", "182.5 ms", "~ Battle.BattleModule.Cast", "other numbers", "unverified", "4bf92f35", Recorded.Throws.Next })
            Assert.Contains(part, run.Out);
    }

    [Fact]
    public async Task Status_without_an_id_shows_the_one_of_the_cluster_and_none_is_not_found()
    {
        await using var door = await OpsDoor.Open();
        door.On("GET /v1/ops/status", 200, Recorded.Status with { Rollout = Recorded.Rollout(RolloutPhase.Prepared) }, Recorded.Status);
        var one = await door.Run("rollout", "status", "--output", "json");
        var none = await door.Run("rollout", "status", "--output", "json");

        Assert.Equal((0, "r-42"), (one.ExitCode, one.Json.GetProperty("id").GetString()));
        Assert.Equal((6, "unknown-rollout"), (none.ExitCode, none.Problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Abort_sends_its_reason_and_shows_what_became_of_it()
    {
        await using var door = await OpsDoor.Open();
        door.On($"POST /v1/ops/rollouts/r-42/abort", 200, Recorded.Rollout(RolloutPhase.Aborting));
        var run = await door.Run("rollout", "abort", "r-42", "--reason", "changed our minds");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("aborting", run.Out);
        Assert.Contains("changed our minds", Encoding.UTF8.GetString(door.Requests[0].Body));
    }

    static Task<OpsDoor> Accepting(params RolloutPhase[] phases) => Accepting([.. phases.Select(phase => Recorded.Rollout(phase))]);

    static async Task<OpsDoor> Accepting(RolloutStatus[] states)
    {
        var door = await OpsDoor.Open();
        return door.On(Start, 202, new RolloutAccepted("r-42")).On(Look, 200, states);
    }
}
