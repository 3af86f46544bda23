namespace Evergrain.Cli.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task Everything_wrong_with_a_line_is_told_at_once_and_nothing_is_sent()
    {
        await using var door = await OpsDoor.Open();
        var run = await CliProcess.Run(
            ["rollout", "start", "battle", "lobby@1.0", "quest@1.0.0", "quest@2.0.0", "--deadline", "0", "--prepare-retries", "11", "--timeout", "soon", "--frobnicate"],
            new() { ["EVERGRAIN_SERVER"] = door.Url });

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Out);
        foreach (var part in new[] { "7 things", "'battle' is not a module version", "'lobby@1.0' is not a module version", "quest a second time", "--deadline is", "--prepare-retries is", "--timeout is", "no option --frobnicate" })
            Assert.Contains(part, run.Error);
        Assert.Empty(door.Requests);
    }

    [Fact]
    public async Task With_json_output_a_wrong_line_is_a_problem_with_one_finding_each()
    {
        var run = await CliProcess.Run("entities", "list", "--kind", "Battle", "--limit", "0", "--output", "json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("wrong-usage", run.Problem.GetProperty("code").GetString());
        Assert.Equal("no", run.Problem.GetProperty("ran").GetString());
        Assert.Equal(2, run.Problem.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task A_server_in_the_environment_that_is_no_url_is_wrong_usage()
    {
        var run = await CliProcess.Run(["status"], new() { ["EVERGRAIN_SERVER"] = "localhost:5080" });

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("EVERGRAIN_SERVER is 'localhost:5080'", run.Error);
    }

    [Fact]
    public async Task An_unknown_command_is_answered_with_those_that_there_are()
    {
        var run = await CliProcess.Run("rollout", "begin");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'begin' is no command of evergrain rollout; there are: start, status, abort.", run.Error);
    }

    [Fact]
    public async Task Help_and_hints_name_the_program_the_way_it_was_started()
    {
        var started = new Dictionary<string, string?> { ["EVERGRAIN_COMMAND"] = "./evergrain" };
        var help = await CliProcess.Run(["--help"], started);
        var helpOfOne = await CliProcess.Run(["rollout", "abort", "--help"], started);
        var wrong = await CliProcess.Run(["rollout", "begin"], started);

        Assert.Contains("\n  ./evergrain [command] [options]", help.Out);
        Assert.Contains("\n  ./evergrain publish artifacts", help.Out);
        Assert.DoesNotContain("  evergrain ", help.Out);
        Assert.Contains("\n  ./evergrain rollout abort <ID> [options]", helpOfOne.Out);
        Assert.Contains("./evergrain undo is the way back", helpOfOne.Out);
        Assert.Contains("see: ./evergrain rollout --help", wrong.Error);
    }

    [Fact]
    public async Task Help_shows_every_command_and_every_exit_code_and_so_does_the_readme()
    {
        var run = await CliProcess.Run("--help");

        Assert.Equal(0, run.ExitCode);
        foreach (var command in new[] { "pack", "publish", "rollout", "undo", "history", "status", "entities" }) Assert.Contains($"\n  {command} ", run.Out);
        foreach (var (code, meaning) in ExitCode.All) Assert.Contains($"\n  {code,-4} {meaning}", run.Out);

        var readme = await File.ReadAllTextAsync(Path.Combine(Clone.Root, "client", "Cli", "README.md"));
        foreach (var (code, meaning) in ExitCode.All) Assert.Contains($"| {code} | {meaning} |", readme);
    }
}
