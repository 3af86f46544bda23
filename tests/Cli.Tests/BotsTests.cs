namespace Evergrain.Cli.Tests;

public sealed class BotsTests
{
    [Fact]
    public async Task Wrong_options_are_told_at_once_and_nobody_plays()
    {
        var run = await CliProcess.Run("bots", "--players", "1", "--seconds", "0", "--rough", "2", "--stampede", "many", "--output", "json");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(4, run.Problem.GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task Without_a_server_nobody_plays()
    {
        var run = await CliProcess.Run("bots", "--players", "2", "--seconds", "1", "--server", "http://127.0.0.1:9", "--output", "json");

        Assert.Equal(4, run.ExitCode);
        Assert.Equal("no-server", run.Problem.GetProperty("code").GetString());
    }
}
