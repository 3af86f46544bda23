using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Evergrain.Gateway.Tests.Fakes;

/// <summary>Both doors on a real Kestrel at a free port of this machine, before a fake engine and a clock that stands.</summary>
internal sealed class DoorHost : IAsyncDisposable
{
    readonly WebApplication app;

    DoorHost(WebApplication app, Engine engine, Cluster cluster, Entities entities, ManualTime time)
    {
        this.app = app;
        (Engine, Cluster, Entities, Time) = (engine, cluster, entities, time);
        Address = new Uri(app.Urls.Single());
        Http = new HttpClient { BaseAddress = Address };
    }

    public Engine Engine { get; }
    public Cluster Cluster { get; }
    public Entities Entities { get; }
    public ManualTime Time { get; }
    public Uri Address { get; }
    public HttpClient Http { get; }
    public Uri SocketAddress => new UriBuilder(Address) { Scheme = "ws", Path = "/v1/socket" }.Uri;
    public IServiceProvider Services => app.Services;

    /// <param name="before">Middleware that runs before the doors, to play another machine.</param>
    public static async Task<DoorHost> Start(Action<GatewayOptions>? options = null, Action<IServiceCollection>? services = null, Action<HttpContext>? before = null)
    {
        var (engine, cluster, entities, time) = (new Engine(), new Cluster(), new Entities(), new ManualTime());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        builder.Services.AddSingleton<IEntityCaller>(engine).AddSingleton<IEventSource>(engine);
        builder.Services.AddSingleton<IClusterOps>(cluster).AddSingleton<TimeProvider>(time).AddSingleton<IEntityOps>(entities).AddSingleton<IStoreBackup>(entities);
        services?.Invoke(builder.Services);
        builder.Services.AddEvergrainGateway(options);
        var app = builder.Build();
        if (before is not null)
            app.Use((context, next) =>
            {
                before(context);
                return next(context);
            });
        app.MapEvergrainGateway();
        app.MapEvergrainOps();
        await app.StartAsync();
        return new DoorHost(app, engine, cluster, entities, time);
    }

    public Task Stop() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
