using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Requests;
using Evergrain.Gateway.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Evergrain.Gateway.Tests;

public class OpsDoorTests
{
    [Fact]
    public async Task Publishing_answers_201_and_the_same_bytes_again_200()
    {
        await using var host = await DoorHost.Start();
        using var first = await host.Http.PostAsync("/v1/ops/packages", new ByteArrayContent([1, 2, 3]));
        using var second = await host.Http.PostAsync("/v1/ops/packages", new ByteArrayContent([1, 2, 3]));
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.Equal("""{"name":"battle","version":"1.1.0","digest":"abc","size":3,"created":true}""", await first.Content.ReadAsStringAsync());
        Assert.Equal([1, 2, 3], host.Cluster.Published[0].ToArray());
    }

    [Fact]
    public async Task A_package_past_the_limit_is_refused_whether_its_length_is_announced_or_not()
    {
        await using var host = await DoorHost.Start(o => o.MaxPackageBytes = 100_000);
        foreach (var chunked in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/ops/packages") { Content = new ByteArrayContent(new byte[100_001]) };
            request.Headers.TransferEncodingChunked = chunked;
            var problem = await Problem(await host.Http.SendAsync(request));
            Assert.Equal((413, "package-too-large"), (problem.Status, problem.Code));
        }
        Assert.Empty(host.Cluster.Published);
        Assert.Equal(HttpStatusCode.Created, (await host.Http.PostAsync("/v1/ops/packages", new ByteArrayContent(new byte[100_000]))).StatusCode);
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\nonly this", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\nrubbish", true)]
    public async Task An_upload_that_is_cut_off_publishes_nothing_and_the_next_try_works(string request, bool canStillHear)
    {
        await using var host = await DoorHost.Start();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("POST /v1/ops/packages HTTP/1.1\r\nHost: localhost\r\n" + request));
        // Kestrel gives no answer to a client that has closed its side in the middle of a body of known length.
        if (!canStillHear) tcp.Client.Shutdown(SocketShutdown.Send);
        Assert.Equal(canStillHear, (await Answer(stream)).Contains("upload-incomplete", StringComparison.Ordinal));
        Assert.Empty(host.Cluster.Published);
        Assert.Equal(HttpStatusCode.Created, (await host.Http.PostAsync("/v1/ops/packages", new ByteArrayContent([1]))).StatusCode);
    }

    [Fact]
    public async Task A_body_that_ends_before_its_announced_length_is_upload_incomplete()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = 1000;
        context.Request.Body = new MemoryStream(new byte[10]);
        var cut = await Assert.ThrowsAsync<FindingsException>(() => RequestBytes.Read(context, 5000, ErrorCodes.PackageTooLarge).AsTask());
        Assert.Equal(ErrorCodes.UploadIncomplete, cut.Code);
    }

    [Fact]
    public async Task Findings_of_the_cluster_are_all_in_the_problem()
    {
        await using var host = await DoorHost.Start();
        host.Cluster.Fails = new FindingsException(ErrorCodes.BadPackage, "2 findings", "Mend them.",
            [new Finding("package/path-escapes", "../x", "It escapes.", "Remove it."), new Finding("package/no-manifest", "", "None.", "Add it.")]);
        var problem = await Problem(await host.Http.PostAsync("/v1/ops/packages", new ByteArrayContent([1])));
        Assert.Equal((422, "bad-package"), (problem.Status, problem.Code));
        Assert.Equal(["package/path-escapes", "package/no-manifest"], problem.Findings!.Select(f => f.Code));
    }

    [Fact]
    public async Task What_may_be_taken_later_says_when()
    {
        await using var host = await DoorHost.Start();
        host.Cluster.Fails = new FindingsException(ErrorCodes.StoreFull, "No room.", "Make room.") { RetryAfterMs = 5000 };
        using var response = await host.Http.PostAsync("/v1/ops/packages", new ByteArrayContent([1]));
        Assert.Equal("5", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal(5000, (await Problem(response)).RetryAfterMs);
    }

    [Fact]
    public async Task A_rollout_is_accepted_with_its_place_and_every_member_arrives()
    {
        await using var host = await DoorHost.Start();
        using var response = await Post(host, "/v1/ops/rollouts",
            """{"modules":[{"name":"battle","version":"1.1.0"}],"reason":"balance","deadlineSeconds":60,"prepareRetries":0,"dryRun":true,"oneWay":true,"acceptDifferences":true}""");
        Assert.Equal((HttpStatusCode.Accepted, "/v1/ops/rollouts/r1"), (response.StatusCode, response.Headers.Location!.OriginalString));
        Assert.Equal("""{"id":"r1"}""", await response.Content.ReadAsStringAsync());
        var (request, actor) = host.Cluster.Rollouts.Single();
        Assert.Equal([new ModuleId("battle", "1.1.0")], request.Modules);
        Assert.Equal(("balance", 60, 0, true, true, true, "unverified"), (request.Reason, request.DeadlineSeconds, request.PrepareRetries, request.DryRun, request.OneWay, request.AcceptDifferences, actor));
    }

    [Fact]
    public async Task Only_modules_are_required()
    {
        await using var host = await DoorHost.Start();
        using var response = await Post(host, "/v1/ops/rollouts", """{"modules":[{"name":"battle","version":"1.1.0"}]}""");
        var request = host.Cluster.Rollouts.Single().Request;
        Assert.Equal((null, 30, 3, false, false), (request.Reason, request.DeadlineSeconds, request.PrepareRetries, request.DryRun, request.OneWay));
    }

    [Theory]
    [InlineData("{}", "modules")]
    [InlineData("""{"modules":[]}""", "modules")]
    [InlineData("""{"modules":null}""", "modules")]
    [InlineData("""{"modules":"battle"}""", "modules")]
    [InlineData("""{"modules":["battle"]}""", "modules[0]")]
    [InlineData("""{"modules":[{"name":"battle"}]}""", "modules[0].version")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"},{"name":"battle","version":"2"}]}""", "modules[1]")]
    [InlineData("""{"modules":[{"name":"battle","version":"1","x":1}]}""", "modules[0].x")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"}],"deadlineSeconds":0}""", "deadlineSeconds")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"}],"deadlineSeconds":3601}""", "deadlineSeconds")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"}],"prepareRetries":11}""", "prepareRetries")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"}],"prepareRetries":1.5}""", "prepareRetries")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"}],"dryRun":"yes"}""", "dryRun")]
    [InlineData("""{"modules":[{"name":"battle","version":"1"}],"share":5}""", "share")]
    [InlineData("[]", "")]
    public async Task A_wrong_rollout_request_names_what_is_wrong(string body, string where)
    {
        await using var host = await DoorHost.Start();
        var problem = await Problem(await Post(host, "/v1/ops/rollouts", body));
        Assert.Equal((400, "bad-request"), (problem.Status, problem.Code));
        Assert.Equal(where, Assert.Single(problem.Findings!).Where);
        Assert.Empty(host.Cluster.Rollouts);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_rollout_is_said_at_once()
    {
        await using var host = await DoorHost.Start();
        var problem = await Problem(await Post(host, "/v1/ops/rollouts",
            """{"modules":[{"name":"battle"},7],"deadlineSeconds":"soon","prepareRetries":-1,"share":5}"""));
        Assert.Equal(["modules[0].version", "modules[1]", "deadlineSeconds", "prepareRetries", "share"], problem.Findings!.Select(f => f.Where));
    }

    [Fact]
    public async Task Undo_and_abort_take_a_reason_or_nothing()
    {
        await using var host = await DoorHost.Start();
        using var undo = await host.Http.PostAsync("/v1/ops/undo", null);
        Assert.Equal((HttpStatusCode.Accepted, "/v1/ops/rollouts/r2"), (undo.StatusCode, undo.Headers.Location!.OriginalString));
        Assert.Equal("unverified", host.Cluster.Undos.Single().Actor);
        using var abort = await Post(host, "/v1/ops/rollouts/r1/abort", """{"reason":"wrong numbers"}""");
        Assert.Contains("\"reason\":\"wrong numbers\"", await abort.Content.ReadAsStringAsync());
        Assert.Equal("bad-request", (await Problem(await Post(host, "/v1/ops/undo", """{"epoch":3}"""))).Code);
    }

    [Fact]
    public async Task Status_has_the_documented_shape()
    {
        await using var host = await DoorHost.Start();
        var status = JsonDocument.Parse(await host.Http.GetStringAsync("/v1/ops/status")).RootElement;
        var silo = status.GetProperty("silos")[0];
        Assert.Equal((7, "silo-1", 3), (status.GetProperty("epoch").GetInt64(), silo.GetProperty("id").GetString(), silo.GetProperty("activations").GetInt32()));
        Assert.Equal("serving", silo.GetProperty("modules")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("/v1/ops/packages")]
    [InlineData("/v1/ops/releases")]
    [InlineData("/v1/ops/rollouts/r1")]
    [InlineData("/v1/ops/entities/battle/room-17")]
    public async Task What_can_be_read_is_JSON(string path)
    {
        await using var host = await DoorHost.Start();
        Assert.NotEqual(JsonValueKind.Null, JsonDocument.Parse(await host.Http.GetStringAsync(path)).RootElement.ValueKind);
    }

    [Theory]
    [InlineData("GET", "/v1/ops/rollouts/r9", 404, "unknown-rollout")]
    [InlineData("GET", "/v1/ops/entities/Battle/x", 400, "bad-entity")]
    [InlineData("GET", "/v1/ops/nothing", 404, "not-found")]
    [InlineData("DELETE", "/v1/ops/rollouts", 405, "method-not-allowed")]
    [InlineData("POST", "/v1/ops/silos/silo-1/kill", 403, "forbidden")]
    public async Task What_is_not_there_is_a_problem(string method, string path, int status, string code)
    {
        await using var host = await DoorHost.Start();
        var problem = await Problem(await host.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)));
        Assert.Equal((status, code), (problem.Status, problem.Code));
    }

    [Fact]
    public async Task A_silo_can_be_killed_on_a_development_host()
    {
        await using var host = await DoorHost.Start(o => o.DevelopmentHost = true);
        Assert.Equal(HttpStatusCode.Accepted, (await host.Http.PostAsync("/v1/ops/silos/silo-2/kill", null)).StatusCode);
        Assert.Equal(["silo-2"], host.Cluster.Killed);
    }

    [Fact]
    public async Task Another_machine_is_refused()
    {
        await using var host = await DoorHost.Start(before: context => context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7"));
        var problem = await Problem(await host.Http.GetAsync("/v1/ops/status"));
        Assert.Equal((403, "forbidden"), (problem.Status, problem.Code));
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.7")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Host", "rebound.example")]
    public async Task Whoever_speaks_through_this_machine_for_another_is_refused(string header, string value)
    {
        await using var host = await DoorHost.Start();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/ops/undo");
        request.Headers.TryAddWithoutValidation(header, value);
        Assert.Equal("forbidden", (await Problem(await host.Http.SendAsync(request))).Code);
        Assert.Empty(host.Cluster.Undos);
    }

    [Fact]
    public async Task Events_are_streamed_as_they_happen()
    {
        await using var host = await DoorHost.Start();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        using var response = await host.Http.GetAsync("/v1/ops/events", HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": open", await lines.ReadLineAsync(patience.Token));
        host.Cluster.Happening.Writer.TryWrite(new OpsEvent("silo", host.Time.GetUtcNow(), "silo-1 joined") { Silo = "silo-1" });
        Assert.Equal("", await lines.ReadLineAsync(patience.Token));
        Assert.Equal("event: silo", await lines.ReadLineAsync(patience.Token));
        Assert.Contains("\"message\":\"silo-1 joined\"", await lines.ReadLineAsync(patience.Token));
    }

    static async Task<string> Answer(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        var buffer = new byte[4096];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, patience.Token));
        }
        catch (IOException)
        {
            return "the connection was reset";
        }
    }

    static Task<HttpResponseMessage> Post(DoorHost host, string path, string body) =>
        host.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));

    static async Task<Problem> Problem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), ContractsJson.Default.Problem)!;
    }
}
