using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace Evergrain.Gateway.Tests;

public class FrontendHttpTests
{
    [Fact]
    public async Task A_call_answers_with_the_result_and_says_version_and_epoch()
    {
        await using var host = await DoorHost.Start();
        using var response = await Post(host, "/v1/call/battle/room-17/battle.cast", """{"skill":"fireball"}""");
        Assert.Equal("""{"skill":"fireball"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(("battle@1.1.0", "7"), (response.Headers.GetValues("Evergrain-Version").Single(), response.Headers.GetValues("Evergrain-Epoch").Single()));
    }

    [Fact]
    public async Task Headers_reach_the_engine()
    {
        await using var host = await DoorHost.Start();
        var key = Guid.CreateVersion7();
        using var response = await Post(host, "/v1/call/battle/room-17/battle.cast", "", r =>
        {
            r.Headers.Add("Idempotency-Key", key.ToString());
            r.Headers.Add("Evergrain-Epoch", "5");
            r.Headers.Add("Evergrain-Deadline-Ms", "250");
        });
        var request = host.Engine.Requests.Single();
        Assert.Equal((key, 5, host.Time.GetUtcNow().AddMilliseconds(250)), (request.Key!.Value, request.SeenEpoch, request.Deadline!.Value));
        Assert.Equal("null", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Raw_bytes_go_in_and_out_as_they_are()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = request => new(new CallReply { Result = request.Arguments, Raw = true });
        using var body = new ByteArrayContent([1, 2, 255]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await host.Http.PostAsync("/v1/call/a/b/a.raw", body);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal([1, 2, 255], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/call/battle/room-17/battle.cast", "{", 400, "bad-json")]
    [InlineData("/v1/call/battle/room-17/battle.cast", "{} {}", 400, "bad-json")]
    [InlineData("/v1/call/Battle/room-17/battle.cast", "{}", 400, "bad-entity")]
    [InlineData("/v1/call/battle/room%2F17/battle.cast", "{}", 400, "bad-entity")]
    [InlineData("/v1/call/battle/room-17/cast", "{}", 404, "unknown-operation")]
    [InlineData("/v1/call/battle/room-17", "{}", 404, "not-found")]
    [InlineData("/v1/nothing/here", "{}", 404, "not-found")]
    [InlineData("/", "{}", 404, "not-found")]
    [InlineData("/v1/socket", "{}", 405, "method-not-allowed")]
    [InlineData("/v1/login", "", 400, "bad-json")]
    [InlineData("/v1/login", "[]", 400, "bad-request")]
    [InlineData("/v1/login", "{}", 400, "bad-request")]
    [InlineData("/v1/login", "{\"name\":\"a/b\"}", 400, "bad-request")]
    [InlineData("/v1/login", "{\"name\":\"anonymous\"}", 400, "bad-request")]
    [InlineData("/v1/login", "{\"name\":\"a\",\"colour\":1}", 400, "bad-request")]
    public async Task Bad_input_is_a_problem_with_a_code(string path, string body, int status, string code)
    {
        await using var host = await DoorHost.Start();
        using var response = await Post(host, path, body);
        var problem = await Problem(response);
        Assert.Equal((status, code, Ran.No), (problem.Status, problem.Code, problem.Ran));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.NotEqual("", problem.Next);
        Assert.Empty(host.Engine.Requests);
    }

    [Fact]
    public async Task Everything_that_is_wrong_with_a_call_is_said_at_once()
    {
        await using var host = await DoorHost.Start();
        using var response = await Post(host, "/v1/call/Battle/room-17/cast", "{}", r =>
        {
            r.Headers.Add("Idempotency-Key", "1");
            r.Headers.Add("Evergrain-Epoch", "new");
            r.Headers.Add("Evergrain-Deadline-Ms", "-1");
        });
        var problem = await Problem(response);
        Assert.Equal("bad-request", problem.Code);
        Assert.Equal(["bad-key", "bad-request", "bad-request", "bad-entity", "unknown-operation"], problem.Findings!.Select(f => f.Code));
    }

    [Fact]
    public async Task A_method_that_is_not_allowed_names_those_that_are()
    {
        await using var host = await DoorHost.Start();
        using var response = await host.Http.GetAsync("/v1/login");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (response.StatusCode, response.Content.Headers.Allow.Single()));
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_a_problem_and_the_largest_is_served()
    {
        await using var host = await DoorHost.Start();
        string Sized(int bytes) => '"' + new string('x', bytes - 2) + '"';
        Assert.Equal(HttpStatusCode.OK, (await Post(host, "/v1/call/a/b/a.b", Sized(65536))).StatusCode);
        Assert.Equal("body-too-large", (await Problem(await Post(host, "/v1/call/a/b/a.b", Sized(65537)))).Code);
        Assert.Equal("body-too-large", (await Problem(await Post(host, "/v1/call/a/b/a.b", Sized(65537), r => r.Headers.TransferEncodingChunked = true))).Code);
        Assert.Single(host.Engine.Requests);
    }

    [Fact]
    public async Task An_error_of_the_engine_is_a_problem_with_its_members()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => new(CallReply.Failed(new CallError(ErrorCodes.Overloaded, Ran.No, "Full.", "Wait.") { RetryAfterMs = 1200 }, epoch: 3, new ModuleId("battle", "1.0.0")));
        using var response = await Post(host, "/v1/call/a/b/a.b", "{}");
        var problem = await Problem(response);
        Assert.Equal((503, "overloaded", 1200), (problem.Status, problem.Code, problem.RetryAfterMs!.Value));
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal(("battle@1.0.0", "3"), (response.Headers.GetValues("Evergrain-Version").Single(), response.Headers.GetValues("Evergrain-Epoch").Single()));
    }

    [Fact]
    public async Task What_should_not_fail_is_internal_with_a_trace_id_and_no_stack_trace()
    {
        await using var host = await DoorHost.Start();
        host.Engine.Answer = _ => throw new InvalidOperationException("secret");
        using var response = await Post(host, "/v1/call/a/b/a.b", "{}");
        var problem = await Problem(response);
        Assert.Equal((500, "internal", Ran.Unknown), (problem.Status, problem.Code, problem.Ran));
        Assert.Contains("trace id", problem.Detail);
        Assert.DoesNotContain("secret", problem.Detail);
    }

    [Fact]
    public async Task A_player_who_logged_in_is_the_caller_until_the_token_expires()
    {
        await using var host = await DoorHost.Start();
        var token = await Login.Token(host, "alice");
        Assert.Equal(HttpStatusCode.OK, (await Post(host, "/v1/call/a/b/a.b", "{}", r => r.Headers.Authorization = new("Bearer", token))).StatusCode);
        Assert.Equal("alice", host.Engine.Requests.Single().Caller);
        using var byQuery = await TestSocket.Open(host, token);
        await byQuery.Ask("""{"id":1,"to":"a/b","op":"a.b"}""");
        Assert.Equal("alice", host.Engine.Requests.Last().Caller);
        host.Time.Advance(TimeSpan.FromHours(13));
        Assert.Equal("unauthorized", (await Problem(await Post(host, "/v1/call/a/b/a.b", "{}", r => r.Headers.Authorization = new("Bearer", token)))).Code);
    }

    [Theory]
    [InlineData("Bearer forged")]
    [InlineData("Basic YWxpY2U6")]
    [InlineData("Bearer ")]
    public async Task A_wrong_token_is_unauthorized(string header)
    {
        await using var host = await DoorHost.Start();
        using var response = await Post(host, "/v1/call/a/b/a.b", "{}", r => r.Headers.TryAddWithoutValidation("Authorization", header));
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (response.StatusCode, (await Problem(response)).Code));
        Assert.Empty(host.Engine.Requests);
    }

    [Fact]
    public async Task Without_an_authenticator_players_log_in_on_this_machine_only()
    {
        await using var host = await DoorHost.Start(before: context => context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7"));
        Assert.Equal("forbidden", (await Problem(await Post(host, "/v1/login", """{"name":"alice"}"""))).Code);
        Assert.Equal(HttpStatusCode.OK, (await Post(host, "/v1/call/a/b/a.b", "{}")).StatusCode);
    }

    [Fact]
    public async Task An_authenticator_decides_from_anywhere()
    {
        await using var host = await DoorHost.Start(services: s => s.AddSingleton<IPlayerAuthenticator, Password>(),
            before: context => context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7"));
        Assert.NotEqual("", await Login.Token(host, "alice", "right"));
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => Login.Token(host, "alice", "wrong"));
        Assert.Equal("unauthorized", refused.Error.Code);
    }

    [Fact]
    public void Every_option_out_of_range_is_named_at_once()
    {
        var refused = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddEvergrainGateway(o => (o.MaxInFlight, o.ResumeWindow) = (0, TimeSpan.FromSeconds(-1))));
        Assert.Contains("MaxInFlight", refused.Message);
        Assert.Contains("ResumeWindow", refused.Message);
    }

    [Fact]
    public async Task Health_says_whether_the_host_can_serve()
    {
        var why = "silos are starting";
        await using var host = await DoorHost.Start(o => o.Ready = _ => new(why));
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Http.GetAsync("/health/ready")).StatusCode);
        why = null;
        Assert.Equal(HttpStatusCode.OK, (await host.Http.GetAsync("/health/ready")).StatusCode);
    }

    static Task<HttpResponseMessage> Post(DoorHost host, string path, string body, Action<HttpRequestMessage>? change = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        change?.Invoke(request);
        return host.Http.SendAsync(request);
    }

    static async Task<Problem> Problem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), ContractsJson.Default.Problem)!;
    }

    sealed class Password : IPlayerAuthenticator
    {
        public ValueTask<bool> Authenticate(string name, string? secret, CancellationToken cancellation) => new(secret == "right");
    }
}
