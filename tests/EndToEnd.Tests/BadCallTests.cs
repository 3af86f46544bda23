using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace Evergrain.EndToEnd.Tests;

/// <summary>Calls that make no sense, and a call whose silo has died.</summary>
public sealed class BadCallTests(RunningHost host, ITestOutputHelper output) : IClassFixture<RunningHost>, IDisposable
{
    const int BodyLimit = 64 * 1024;

    [Theory]
    [InlineData("castle/one/castle.look", "", ErrorCodes.UnknownKind)]
    [InlineData("Battle/one/battle.look", "", ErrorCodes.BadEntity)]
    [InlineData("battle/one/battle.dance", "", ErrorCodes.UnknownOperation)]
    [InlineData("battle/one/wallet.balance", "", ErrorCodes.UnknownOperation)]
    [InlineData("battle/one/battle.cast", "fireball!", ErrorCodes.BadJson)]
    [InlineData("battle/one/battle.cast", "{\"skill\":7}", ErrorCodes.BadArguments)]
    [InlineData("battle/one/battle.cast", "{}", ErrorCodes.BadArguments)]
    [InlineData("wallet/one/wallet.transfer", "{\"to\":\"two\",\"amount\":5}", ErrorCodes.Rejected)]
    public async Task A_call_that_makes_no_sense_did_not_run(string path, string body, string code)
    {
        var problem = await OpsDoor.Problem(await host.Call(path, body));

        Assert.Equal((code, Ran.No), (problem.Code, problem.Ran));
        Assert.Equal("battle@1.0.0", (await host.WhoServes()).Version);
    }

    [Fact]
    public async Task An_epoch_from_nowhere_is_told_and_never_waited_for() =>
        Assert.Equal(ErrorCodes.EpochUnknown, (await OpsDoor.Problem(await host.Call("battle/one/battle.look", "", ("Evergrain-Epoch", "4711")))).Code);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_and_one_that_fits_is_read()
    {
        Assert.Equal(ErrorCodes.BodyTooLarge, (await OpsDoor.Problem(await host.Call("battle/one/battle.cast", new string(' ', BodyLimit + 1)))).Code);
        Assert.Equal(ErrorCodes.BadJson, (await OpsDoor.Problem(await host.Call("battle/one/battle.cast", new string(' ', BodyLimit)))).Code);
    }

    [Fact]
    public async Task A_player_that_is_unknown_is_not_let_in()
    {
        Assert.Equal(ErrorCodes.Unauthorized, (await OpsDoor.Problem(await host.Call("battle/one/battle.look", "", ("Authorization", "Bearer made-up")))).Code);
        Assert.Equal(ErrorCodes.BadRequest, (await OpsDoor.Problem(await host.Http.PostAsync("/v1/login", JsonContent.Create(new { name = "no/name" })))).Code);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_call_is_said_at_once()
    {
        var problem = await OpsDoor.Problem(await host.Call("Battle/one/dance", "", ("Idempotency-Key", "one"), ("Evergrain-Deadline-Ms", "-1")));

        Assert.Equal(ErrorCodes.BadRequest, problem.Code);
        Assert.Equal([ErrorCodes.BadEntity, ErrorCodes.BadKey, ErrorCodes.BadRequest, ErrorCodes.UnknownOperation], problem.Findings!.Select(finding => finding.Code).Order());
    }

    [Fact]
    public async Task Rubbish_on_a_socket_is_answered_and_the_next_message_is_served()
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(host.Url) { Scheme = "ws", Path = "/v1/socket" }.Uri, CancellationToken.None);
        Assert.True((await Hear(socket)).TryGetProperty("welcome", out _));

        Assert.Equal(ErrorCodes.BadJson, Code(await Ask(socket, "fireball!")));
        Assert.Equal(ErrorCodes.BadMessage, Code(await Ask(socket, """{"id":1,"to":"battle/one","op":"battle.look","colour":"red"}""")));
        Assert.Equal(ErrorCodes.UnknownOperation, Code(await Ask(socket, """{"id":2,"to":"battle/one","op":"battle.dance"}""")));
        Assert.Equal("battle@1.0.0", (await Ask(socket, """{"id":3,"to":"battle/one","op":"battle.look"}""")).GetProperty("version").GetString());
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Fact]
    public async Task An_entity_whose_silo_was_killed_is_served_by_another_with_what_it_had_acknowledged()
    {
        foreach (var name in Names) await host.Answer($"wallet/{name}/wallet.credit", """{"amount":7}""");
        var dying = (await host.Ops.Status()).Silos.MaxBy(silo => silo.Activations)!.Id;

        await host.Ops.Kill(dying);

        foreach (var name in Names) Assert.Equal(7, (await host.Answer($"wallet/{name}/wallet.balance")).GetProperty("balance").GetInt64());
        Assert.DoesNotContain((await host.Ops.Status()).Silos, silo => silo.Id == dying);
    }

    public void Dispose() => output.WriteLine(host.Log);

    static IEnumerable<string> Names => Enumerable.Range(1, 12).Select(number => $"saver-{number}");

    static async Task<JsonElement> Ask(ClientWebSocket socket, string message)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        return await Hear(socket);
    }

    static async Task<JsonElement> Hear(ClientWebSocket socket)
    {
        var buffer = new byte[BodyLimit];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var heard = await socket.ReceiveAsync(buffer, patience.Token);
        Assert.True(heard.EndOfMessage);
        return JsonDocument.Parse(buffer.AsMemory(0, heard.Count)).RootElement;
    }

    static string? Code(JsonElement answer) => answer.GetProperty("error").GetProperty("code").GetString();
}
