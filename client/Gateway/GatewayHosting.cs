using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Gateway.Calls;
using Evergrain.Gateway.Ops;
using Evergrain.Gateway.Players;
using Evergrain.Gateway.Problems;
using Evergrain.Gateway.Socket;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Evergrain.Gateway;

/// <summary>Puts the doors into a host. The host registers <see cref="IEntityCaller"/>, <see cref="IEventSource"/>, <see cref="IClusterOps"/>,
/// <see cref="IEntityOps"/> and <see cref="IStoreBackup"/>, and may register a <see cref="TimeProvider"/> and an <see cref="IPlayerAuthenticator"/>.</summary>
public static class GatewayHosting
{
    const string ReadyTag = "ready";

    /// <exception cref="ArgumentException">An option is out of range; the message names every one.</exception>
    public static IServiceCollection AddEvergrainGateway(this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        var options = new GatewayOptions();
        configure?.Invoke(options);
        options.Check();
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddAuthentication().AddBearerToken(PlayerTokens.Scheme);
        services.AddHealthChecks().AddCheck<HostReadiness>("host", tags: [ReadyTag]);
        services.AddSingleton<PlayerTokens>();
        services.AddSingleton<LoginDoor>();
        services.AddSingleton<CallDoor>();
        services.AddSingleton(host => new GatewayServices(host.GetRequiredService<IEntityCaller>(), host.GetRequiredService<IEventSource>(),
            options, host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<Session>>()));
        services.AddSingleton<SessionTable>();
        services.AddSingleton<SocketDoor>();
        services.AddSingleton<PackageDoor>();
        services.AddSingleton<RolloutDoor>();
        services.AddSingleton<ClusterDoor>();
        services.AddSingleton<EntityDoor>();
        services.AddSingleton<StateDoor>();
        services.AddSingleton<BackupDoor>();
        return services;
    }

    /// <summary>Maps the frontend door, <c>/v1/login</c>, <c>/v1/call</c> and <c>/v1/socket</c>, and <c>/health</c>. What nothing is mapped to
    /// is answered with a problem.</summary>
    public static WebApplication MapEvergrainGateway(this WebApplication app)
    {
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.MapDoor("/v1/login", ("POST", app.Services.GetRequiredService<LoginDoor>().Login));
        app.MapDoor("/v1/call/{kind}/{key}/{operation}", ("POST", app.Services.GetRequiredService<CallDoor>().Call));
        app.MapDoor("/v1/socket", ("GET", app.Services.GetRequiredService<SocketDoor>().Open));
        app.MapNotFound("/{**rest}"); // any other path of the application goes before
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        return app;
    }

    /// <summary>Maps the ops door, <c>/v1/ops</c>. It answers callers on this machine only.</summary>
    public static WebApplication MapEvergrainOps(this WebApplication app)
    {
        OpsDoor.Map(app, app.Services.GetRequiredService<GatewayOptions>(), app.Services.GetRequiredService<PackageDoor>(),
            app.Services.GetRequiredService<RolloutDoor>(), app.Services.GetRequiredService<ClusterDoor>(), app.Services.GetRequiredService<EntityDoor>(), app.Services.GetRequiredService<StateDoor>(), app.Services.GetRequiredService<BackupDoor>());
        return app;
    }
}
