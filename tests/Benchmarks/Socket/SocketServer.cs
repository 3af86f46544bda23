using System.Net.WebSockets;
using Evergrain.Benchmarks.World;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway;

namespace Evergrain.Benchmarks.Socket;

/// <summary>The server's process: the gateway over three silos, and beside it an echo that does nothing but send back what came.</summary>
internal static class SocketServer
{
    public const string Command = "socket-server";
    public const string Bare = "/bare";

    /// <summary>Prints its address and serves until its input ends.</summary>
    public static async Task<int> Run(string[] args)
    {
        await using var cluster = await BenchCluster.Start(silos: 3);
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IEntityCaller>(cluster);
        builder.Services.AddSingleton(cluster.Events);
        builder.Services.AddSingleton(cluster.Ops);
        builder.Services.AddEvergrainGateway();
        await using var app = builder.Build();
        app.MapEvergrainGateway();
        app.MapGet(Bare, Echo);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        while (await Console.In.ReadLineAsync() is not null) { }
        await app.StopAsync();
        return 0;
    }

    static async Task Echo(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            if (received.MessageType == WebSocketMessageType.Close) break;
            if (!received.EndOfMessage) throw new InvalidOperationException("The benchmark's messages fit one buffer.");
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }
}
