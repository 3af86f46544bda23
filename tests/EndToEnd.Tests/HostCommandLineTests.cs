using System.Net.WebSockets;
using Evergrain.Contracts;
using Evergrain.EndToEnd.Tests.Running;

namespace Evergrain.EndToEnd.Tests;

/// <summary>How the host begins and ends, as a shell or a service manager sees it.</summary>
public sealed class HostCommandLineTests
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    static readonly Dictionary<string, string?> Development = new() { ["ASPNETCORE_ENVIRONMENT"] = "Development" };

    [Fact]
    public async Task Wrong_arguments_are_all_told_at_once_and_nothing_starts()
    {
        await using var host = ProgramProcess.Start(Built.Host, ["--urls", "ftp://here;http://localhost:0", "--silos", "99", "--packages", "no-such-folder", "--data", "Host=;Port=many", "--colour"]);

        Assert.Equal(2, await host.Ended(Soon));
        Assert.Empty(host.Out.Lines);
        foreach (var wrong in (string[])["ftp://here", "http://localhost:0", "--silos", "no-such-folder", "'Port'", "--colour"])
            Assert.Contains(host.Error.Lines, line => line.Contains(wrong, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_tells_the_options_and_the_exit_codes()
    {
        await using var host = ProgramProcess.Start(Built.Host, ["--help"]);

        Assert.Equal(0, await host.Ended(Soon));
        foreach (var said in (string[])["--urls", "--silos", "--packages", "--data", "--demo", "--allow-unsigned", "Exit codes"])
            Assert.Contains(said, host.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        var first = new RunningHost();
        try
        {
            await first.Start(["--silos", "1"], Development);
            await using var second = ProgramProcess.Start(Built.Host, ["--urls", first.Url.ToString(), "--silos", "1"], Development);

            Assert.Equal(1, await second.Ended(Soon));
            var line = Assert.Single(second.Error.Lines.Concat(second.Out.Lines));
            Assert.Contains("already in use", line, StringComparison.Ordinal);
            Assert.Contains("--urls", line, StringComparison.Ordinal);
        }
        finally
        {
            await first.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_folder_without_packages_is_no_game()
    {
        var empty = Directory.CreateTempSubdirectory("evergrain-empty");
        try
        {
            await using var host = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0", "--packages", empty.FullName], Development);

            Assert.Equal(1, await host.Ended(Soon));
            Assert.Contains("Build the game first", Assert.Single(host.Error.Lines), StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete();
        }
    }

    [Fact]
    public async Task Outside_development_unsigned_packages_are_not_served()
    {
        await using var host = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, await host.Ended(Soon));
        Assert.Contains(host.Error.Lines, line => line.Contains("battle-1.0.0.gmod", StringComparison.Ordinal));
        Assert.Contains("--allow-unsigned", host.Error.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_development_no_silo_is_killed_and_no_gold_is_made()
    {
        var host = new RunningHost();
        try
        {
            await host.Start(["--silos", "2", "--allow-unsigned"], []);

            Assert.Equal(ErrorCodes.Forbidden, (await OpsDoor.Problem(await host.Http.PostAsync("/v1/ops/silos/silo-1/kill", null))).Code);
            Assert.Equal(ErrorCodes.Forbidden, (await OpsDoor.Problem(await host.Call("wallet/one/wallet.credit", """{"amount":7}"""))).Code);
            Assert.Equal(2, (await host.Ops.Status()).Silos.Count);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [UnixFact]
    public async Task SIGTERM_ends_in_good_order_although_clients_are_connected()
    {
        var host = new RunningHost();
        try
        {
            await host.Start(["--silos", "3"], Development);
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new UriBuilder(host.Url) { Scheme = "ws", Path = "/v1/socket" }.Uri, CancellationToken.None);
            using var events = await host.Http.GetAsync("/v1/ops/events", HttpCompletionOption.ResponseHeadersRead);
            await host.Answer("wallet/one/wallet.credit", """{"amount":7}""");

            host.Process.Terminate();

            Assert.Equal(0, await host.Process.Ended(Soon));
            Assert.Empty(host.Process.Error.Lines);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [UnixFact]
    public async Task The_demo_tells_a_line_a_second_and_on_Ctrl_C_judges_what_the_players_saw()
    {
        await using var host = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0", "--demo"], Development);
        await host.Out.Line(line => line.StartsWith("00:04", StringComparison.Ordinal)).WaitAsync(Soon + Soon);

        host.Interrupt();

        Assert.Equal(0, await host.Ended(TimeSpan.FromSeconds(90)));
        var lines = host.Out.Lines.Where(line => line.StartsWith("00:", StringComparison.Ordinal)).ToList();
        Assert.True(lines.Count >= 3, $"{lines.Count} lines");
        Assert.All(lines, line => Assert.Matches(@"^00:\d\d  epoch \d+ +battle \d.*players .*p99 .*lost 0  twice 0$", line));
        Assert.Contains(host.Out.Lines, line => line.StartsWith("breaches", StringComparison.Ordinal) && line.EndsWith("none", StringComparison.Ordinal));
        Assert.Empty(host.Error.Lines);
    }

    [UnixFact]
    public async Task A_second_Ctrl_C_ends_at_once()
    {
        await using var host = ProgramProcess.Start(Built.Host, ["--urls", "http://127.0.0.1:0", "--demo"], Development);
        await host.Out.Line(line => line.StartsWith("00:0", StringComparison.Ordinal)).WaitAsync(Soon + Soon);

        host.Interrupt();
        await host.Out.Line(line => line.Contains("Ctrl+C again", StringComparison.Ordinal)).WaitAsync(Soon);
        host.Interrupt();

        Assert.Equal(130, await host.Ended(Soon));
        Assert.DoesNotContain(host.Out.Lines, line => line.StartsWith("breaches", StringComparison.Ordinal));
    }
}
