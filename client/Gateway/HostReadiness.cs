using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Evergrain.Gateway;

/// <summary>Asks the host whether it can serve.</summary>
internal sealed class HostReadiness(GatewayOptions options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        options.Ready is { } ready && await ready(cancellationToken) is { } why
            ? HealthCheckResult.Unhealthy(why)
            : HealthCheckResult.Healthy();
}
