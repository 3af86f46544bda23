using System.Net;
using System.Text;
using System.Text.Json;

namespace Evergrain.EndToEnd.Tests.Running;

/// <summary>The frontend's door by plain HTTP.</summary>
internal static class Game
{
    public static Task<HttpResponseMessage> Call(this RunningHost host, string path, string body = "", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/call/{path}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return host.Http.SendAsync(request);
    }

    /// <summary>The answer to a call that must succeed.</summary>
    public static async Task<JsonElement> Answer(this RunningHost host, string path, string body = "")
    {
        var answer = await host.Call(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Who runs a room: module version and epoch, as the reply says.</summary>
    public static async Task<(string Version, string Epoch)> WhoServes(this RunningHost host)
    {
        using var answer = await host.Call("battle/who-serves/battle.look");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (answer.Headers.GetValues("Evergrain-Version").Single(), answer.Headers.GetValues("Evergrain-Epoch").Single());
    }
}
