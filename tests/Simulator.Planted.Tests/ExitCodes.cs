using System.Diagnostics;

namespace Evergrain.Simulator.Planted.Tests;

/// <summary>The simulator as a process that meets a bug: what it answers with, and what it says.</summary>
public class ExitCodes
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("key-forgotten", 1, "run 0 of seed 1: P2 at ")]
    [InlineData("sends-stay", 2, "run 0 of seed 1: P7 at ")]
    [InlineData("hint-throws", 3, "run 0 of seed 1: crashed: System.InvalidOperationException: It was planted to be thrown.")]
    public async Task A_search_says_how_it_ended_and_how_to_see_it_again(string bug, int exitCode, string what)
    {
        var (code, output) = await Simulate(bug, "--seed", "1", "--runs", "1", "--jobs", "1");
        Assert.Equal(exitCode, code);
        Assert.Contains(output, line => line.StartsWith(what, StringComparison.Ordinal));
        Assert.Contains(output, line => line.StartsWith("Replay: ", StringComparison.Ordinal) && line.Contains("--seed 1 --run 0", StringComparison.Ordinal));
        Assert.Matches("^seed=1 runs=1 violations=1 hash=[0-9a-f]{16}$", output[^1]);
    }

    [Fact]
    public async Task A_replay_answers_with_the_same_code() => Assert.Equal(1, (await Simulate("key-forgotten", "--seed", "1", "--run", "0")).ExitCode);

    [Fact]
    public async Task A_bug_that_there_is_not_is_no_search() => Assert.Equal(64, (await Simulate("no-such-bug", "--runs", "1")).ExitCode);

    static async Task<(int ExitCode, string[] Output)> Simulate(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Catalogue.PlantedAssembly, "simulate", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            await error;
            return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"The simulator did not end within {Limit}.");
        }
    }
}
