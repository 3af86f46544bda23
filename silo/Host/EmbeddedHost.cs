using System.Net.Sockets;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.State;
using Evergrain.Core.State.Watching;
using Evergrain.Embedded;
using Evergrain.Gateway;
using Microsoft.Extensions.Logging.Console;

namespace Evergrain.Host;

/// <summary>The executable on the embedded engine: several silos, the doors, and the sample game.</summary>
internal static class EmbeddedHost
{
    const int CouldNotStart = 1;

    /// <returns>0 after an orderly end; 1 when the host could not begin to serve, or a player of the demo saw something that must not be.</returns>
    public static async Task<int> Run(HostSettings settings, CancellationToken cancellation)
    {
        await using var stores = Open(settings);
        return stores is null ? CouldNotStart : await Serve(settings, stores, cancellation);
    }

    /// <summary>The same over stores that somebody else opened, and closes.</summary>
    internal static async Task<int> Serve(HostSettings settings, HostStores stores, CancellationToken cancellation)
    {
        if (settings.NewIncarnation) Console.Out.WriteLine($"The store was restored: incarnation {await NewIncarnation.Begin(stores.Cluster, cancellation)} begins.");
        await using var app = Build(settings, stores);
        var cluster = app.Services.GetRequiredService<EmbeddedCluster>();
        if (await GameStart.Begin(cluster, settings, cancellation) is { Count: > 0 } findings)
        {
            foreach (var finding in findings) Console.Error.WriteLine($"{finding.Module ?? finding.Where}: {finding.Message} {finding.Next}");
            return CouldNotStart;
        }
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (Exception unusable) when (unusable is IOException or SocketException)
        {
            Console.Error.WriteLine($"Cannot listen on {string.Join(" and ", settings.Urls)}: {unusable.Message.TrimEnd('.')}. Choose another address with --urls.");
            return CouldNotStart;
        }
        await Welcome.Print(app, cluster, stores, settings);
        if (settings.Demo) return await Demo.Run(app, cluster, cancellation);
        await app.WaitForShutdownAsync(cancellation);
        await cluster.DisposeAsync();
        return 0;
    }

    static HostStores? Open(HostSettings settings)
    {
        try
        {
            return HostStores.Open(settings.Data);
        }
        catch (CannotOpenStoreException unusable)
        {
            Console.Error.WriteLine(unusable.Message);
            return null;
        }
    }

    static WebApplication Build(HostSettings settings, HostStores stores)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(console => (console.SingleLine, console.ColorBehavior) = (true, LoggerColorBehavior.Default));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // why it did not start is said in words, once
        builder.WebHost.UseUrls([.. settings.Urls.Select(url => url.ToString())]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
        });
        builder.Services.AddSingleton<IHostLifetime, CommandLineLifetime>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new StoreWatch(services.GetRequiredService<ILogger<StoreWatch>>(), TimeProvider.System, stores.Where ?? "memory"));
        builder.Services.AddSingleton(services => HostCluster.Create(settings, stores.Watched(services.GetRequiredService<StoreWatch>()), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton<IEntityCaller>(services => services.GetRequiredService<EmbeddedCluster>());
        builder.Services.AddSingleton<IEventSource>(services => services.GetRequiredService<EmbeddedCluster>().Events);
        builder.Services.AddSingleton<IClusterOps>(services => services.GetRequiredService<EmbeddedCluster>().Ops);
        builder.Services.AddSingleton(stores.Backup);
        builder.Services.AddSingleton<IEntityOps>(services => services.GetRequiredService<EmbeddedCluster>().EntityOps);
        builder.Services.AddEvergrainGateway(options =>
        {
            options.DevelopmentHost = settings.OpenDevelopmentDoors;
        });
        var app = builder.Build();
        var cluster = app.Services.GetRequiredService<EmbeddedCluster>();
        app.Services.GetRequiredService<GatewayOptions>().Ready = _ => ValueTask.FromResult(WhyNotReady(cluster));
        return app.MapEvergrainGateway().MapEvergrainOps();
    }

    static string? WhyNotReady(EmbeddedCluster cluster) =>
        cluster.Members.Any(silo => silo.Agent.Ready && silo.Entities.Epoch > 0) ? null : "No silo serves a release yet.";
}
