using System.Collections.Concurrent;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Evergrain.Cli.Tests;

/// <summary>The ops door over HTTP with recorded answers: each route gives what the test has put there, and keeps what it was sent.</summary>
internal sealed class OpsDoor : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new();
    readonly ConcurrentQueue<(string Route, byte[] Body)> _requests = new();

    OpsDoor(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public IReadOnlyList<(string Route, byte[] Body)> Requests => [.. _requests];

    public static async Task<OpsDoor> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var door = new OpsDoor(app);
        app.Run(door.Answer);
        await app.StartAsync();
        return door;
    }

    /// <summary>Answers a route, written as in <c>GET /v1/ops/status</c>; of several messages each is given once, the last for ever.</summary>
    public OpsDoor On<T>(string route, int status, params T[] messages)
    {
        var next = -1;
        _routes[route] = context => Give(context, status, messages[Math.Min(Interlocked.Increment(ref next), messages.Length - 1)]);
        return this;
    }

    public OpsDoor Refuses(string route, Problem problem)
    {
        _routes[route] = context => Refuse(context, problem);
        return this;
    }

    public OpsDoor Does(string route, Func<HttpContext, Task> work)
    {
        _routes[route] = work;
        return this;
    }

    /// <summary>Runs the CLI against this door.</summary>
    public Task<CliProcess> Run(params string[] arguments) => CliProcess.Run([.. arguments, "--server", Url]);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task Answer(HttpContext context)
    {
        var route = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue((route, body.ToArray()));
        if (_routes.TryGetValue(route, out var answer)) await answer(context);
        else await Refuse(context, Recorded.NoRoute(route));
    }

    public static Task Give<T>(HttpContext context, int status, T message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(message, typeof(T), ContractsJson.Default);
    }

    public static Task Refuse(HttpContext context, Problem problem)
    {
        context.Response.StatusCode = problem.Status;
        return context.Response.WriteAsJsonAsync(problem, typeof(Problem), ContractsJson.Default, "application/problem+json");
    }
}
