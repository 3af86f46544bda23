using System.Buffers.Text;
using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;

namespace Evergrain.Benchmarks.Socket;

/// <summary>One connection with so many calls outstanding: the least that a client must do, so that the server is what is measured.</summary>
internal sealed class LeanPlayer(int player, int outstanding)
{
    readonly byte[] tail = Encoding.UTF8.GetBytes($$$""","to":"echo/player-{{{player}}}","op":"bench.cast","args":{"skill":"fireball","target":"bob","power":21}}""");
    readonly long[] sentAt = new long[outstanding];
    readonly byte[] outgoing = new byte[256], incoming = new byte[4096];
    readonly ClientWebSocket socket = new();
    long last;

    public async Task Connect(Uri address, bool welcomed)
    {
        await socket.ConnectAsync(address, default);
        if (welcomed) await Receive();
    }

    /// <summary>Latencies in ms of the calls answered until then.</summary>
    public async Task<List<double>> Play(Func<bool> over)
    {
        var latencies = new List<double>(1 << 16);
        for (var i = 0; i < outstanding; i++) await Send();
        for (var waiting = outstanding; waiting > 0;)
        {
            var id = Answered(await Receive());
            latencies.Add(Stopwatch.GetElapsedTime(sentAt[id % outstanding]).TotalMilliseconds);
            if (over()) waiting--;
            else await Send();
        }
        return latencies;
    }

    public Task Leave() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);

    ValueTask Send()
    {
        var id = ++last;
        """{"id":"""u8.CopyTo(outgoing);
        Utf8Formatter.TryFormat(id, outgoing.AsSpan(6), out var digits);
        tail.CopyTo(outgoing, 6 + digits);
        sentAt[id % outstanding] = Stopwatch.GetTimestamp();
        return socket.SendAsync(outgoing.AsMemory(0, 6 + digits + tail.Length), WebSocketMessageType.Text, endOfMessage: true, default);
    }

    async ValueTask<int> Receive()
    {
        var received = await socket.ReceiveAsync(incoming.AsMemory(), default);
        return received.EndOfMessage ? received.Count : throw new InvalidOperationException("The benchmark's replies fit one buffer.");
    }

    // Only a good reply counts: {"id":7,"ok":… or, from the echo, {"id":7,"to":…
    long Answered(int length)
    {
        var text = incoming.AsSpan(0, length);
        if (!text.StartsWith("""{"id":"""u8) || !Utf8Parser.TryParse(text[6..], out long id, out var digits) || text[(6 + digits)..].StartsWith(""","error"""u8))
            throw new InvalidOperationException($"A call failed: {Encoding.UTF8.GetString(text)}");
        return id;
    }
}
