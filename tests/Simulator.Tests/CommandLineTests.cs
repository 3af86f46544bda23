using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Evergrain.Simulator.Tests;

/// <summary>The simulator as a process.</summary>
public class CommandLineTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_search_ends_with_one_line_that_is_the_same_in_every_process()
    {
        var one = await Run("--seed", "7", "--runs", "4", "--jobs", "1");
        var other = await Run("--seed", "7", "--runs", "4", "--jobs", "2");
        Assert.Matches("^seed=7 runs=4 violations=[0-9]+ hash=[0-9a-f]{16}$", one.Output[^1]);
        Assert.Equal(one.Output[^1], other.Output[^1]);
        Assert.Equal(one.ExitCode, other.ExitCode);
    }

    [Fact]
    public async Task Another_seed_is_another_hash()
    {
        var (one, other) = (await Run("--seed", "7", "--runs", "1"), await Run("--seed", "8", "--runs", "1"));
        Assert.NotEqual(one.Output[^1].Split("hash=")[1], other.Output[^1].Split("hash=")[1]);
    }

    [Fact]
    public async Task A_replay_of_part_of_a_run_says_how_it_ended()
    {
        var replay = await Run("--seed", "7", "--run", "0", "--calls", "0-20");
        Assert.Equal(0, replay.ExitCode);
        Assert.Contains("all promises held", replay.Output[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--runs", "0")]
    [InlineData("--jobs", "0")]
    [InlineData("--run", "-1")]
    [InlineData("--faults", "1")]
    [InlineData("--run", "1", "--calls", "5-1")]
    [InlineData("--seed", "seven")]
    [InlineData("--nightly", "--runs", "5")]
    [InlineData("--coverage", "no/such/folder/table.md")]
    [InlineData("--unknown")]
    public void Who_asks_wrongly_hears_of_it(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        Assert.Equal(64, CommandLine.Run(arguments, output, error));
        Assert.Empty(output.ToString());
        Assert.NotEmpty(error.ToString());
    }

    [Fact]
    public async Task A_nightly_search_goes_on_until_it_is_interrupted()
    {
        const int interrupt = 2; // SIGINT
        using var process = Start("--nightly", "--seed", "7", "--jobs", "1");
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Assert.Equal("Searching seed after seed, from 7 on, until Ctrl-C.", await process.StandardError.ReadLineAsync(limit.Token));
            Assert.Equal(0, Kill(process.Id, interrupt));
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Matches("^seed=7 runs=[0-9]+ violations=0 hash=[0-9a-f]{16}\\n$", output);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Kill(int process, int signal);

    static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    static async Task<(int ExitCode, string[] Output)> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Empty(await error);
            return (process.ExitCode, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"The simulator did not end within {Limit}.");
        }
    }
}
