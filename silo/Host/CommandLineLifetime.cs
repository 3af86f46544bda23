namespace Evergrain.Host;

/// <summary>The command line hears the signals (<see cref="EndSignals"/>), not ASP.NET: so the demo can end its matches before the doors close.</summary>
internal sealed class CommandLineLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
