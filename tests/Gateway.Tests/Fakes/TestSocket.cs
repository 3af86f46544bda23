using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Evergrain.Gateway.Tests.Fakes;

/// <summary>A WebSocket without manners of its own: sends what it is told, hands out what comes.</summary>
internal sealed class TestSocket : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly ClientWebSocket socket = new();

    public ClientWebSocket Socket => socket;
    public string Session { get; private set; } = "";

    /// <summary>Connected, and the welcome read.</summary>
    public static async Task<TestSocket> Open(DoorHost host, string? token = null)
    {
        var opened = new TestSocket();
        if (token is not null) opened.socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        using var patience = new CancellationTokenSource(Patience);
        await opened.socket.ConnectAsync(host.SocketAddress, patience.Token);
        opened.Session = (await opened.Receive()).GetProperty("welcome").GetString()!;
        return opened;
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task Send(byte[] bytes, WebSocketMessageType type, bool end = true)
    {
        using var patience = new CancellationTokenSource(Patience);
        await socket.SendAsync(bytes, type, end, patience.Token);
    }

    public async Task<JsonElement> Receive()
    {
        var (text, status) = await ReceiveOrClose();
        Assert.True(text is not null, $"closed with {status}");
        return JsonDocument.Parse(text!).RootElement;
    }

    public async Task<JsonElement> Ask(string text)
    {
        await Send(text);
        return await Receive();
    }

    public async Task<(string? Text, WebSocketCloseStatus? Status)> ReceiveOrClose()
    {
        using var patience = new CancellationTokenSource(Patience);
        var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), patience.Token);
            if (received.MessageType == WebSocketMessageType.Close) return (null, socket.CloseStatus);
            bytes.Write(buffer, 0, received.Count);
            if (received.EndOfMessage) return (Encoding.UTF8.GetString(bytes.ToArray()), null);
        }
    }

    public void Drop() => socket.Abort();

    public void Dispose() => socket.Dispose();
}
