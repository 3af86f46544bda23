using System.Net;
using System.Net.Sockets;
using Evergrain.Contracts;

namespace Evergrain.Cli.Tests;

public sealed class ConnectionTests
{
    [Fact]
    public async Task Without_a_server_the_message_names_the_url_and_how_to_start_one()
    {
        var url = NobodyListens();
        var run = await CliProcess.Run("status", "--server", url);

        Assert.Equal(4, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Contains(url, run.Error);
        Assert.Contains("dotnet run -c Release --project silo/Host", run.Error);
        Assert.Contains("--server", run.Error);
    }

    [Fact]
    public async Task Without_a_server_json_output_is_a_problem_on_standard_error()
    {
        var run = await CliProcess.Run(["history", "--output", "json"], new() { ["EVERGRAIN_SERVER"] = NobodyListens() });

        Assert.Equal(4, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Equal("no-server", run.Problem.GetProperty("code").GetString());
        Assert.Equal("no", run.Problem.GetProperty("ran").GetString());
    }

    [Fact]
    public async Task A_server_that_never_answers_is_timed_out()
    {
        await using var door = await OpsDoor.Open();
        door.Does("GET /v1/ops/status", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var run = await door.Run("status", "--timeout", "0.5");

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("no answer within 0.5 s", run.Error);
    }

    [Fact]
    public async Task A_connection_that_breaks_after_the_request_was_sent_may_have_done_it()
    {
        await using var door = await OpsDoor.Open();
        door.Does("POST /v1/ops/undo", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        var run = await door.Run("undo", "--output", "json");

        Assert.Equal(4, run.ExitCode);
        Assert.Equal("connection-lost", run.Problem.GetProperty("code").GetString());
        Assert.Equal("unknown", run.Problem.GetProperty("ran").GetString());
    }

    [Theory]
    [InlineData(200, "<html>hello</html>")]
    [InlineData(200, "null")]
    [InlineData(502, "bad gateway")]
    public async Task Another_kind_of_server_is_not_taken_for_an_ops_door(int status, string body)
    {
        await using var door = await OpsDoor.Open();
        door.Does("GET /v1/ops/status", async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
        });
        var run = await door.Run("status");

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("not as an Evergrain ops door", run.Error);
    }

    [Fact]
    public async Task A_newer_server_may_say_more_than_this_client_knows()
    {
        await using var door = await OpsDoor.Open();
        door.Does("GET /v1/ops/status", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync("""{"epoch":9,"weather":"fine","silos":[{"id":"silo-1","epoch":9,"activations":0,"modules":[],"zone":"a"}]}"""u8.ToArray()).AsTask();
        });
        var run = await door.Run("status");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("epoch 9", run.Out);
    }

    [Fact]
    public async Task What_the_server_does_not_know_is_not_found()
    {
        await using var door = await OpsDoor.Open();
        door.Refuses("GET /v1/ops/entities/battle/room-99", Recorded.Refusal(ErrorCodes.NoSuchEntity, 404, "There is no battle/room-99."));
        var run = await door.Run("entities", "show", "battle/room-99");

        Assert.Equal(6, run.ExitCode);
        Assert.Contains("There is no battle/room-99.", run.Error);
        Assert.Contains("mend it and send it again", run.Error);
    }

    static string NobodyListens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/";
    }
}
