using Evergrain.Contracts;
using Evergrain.Gateway.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Evergrain.Gateway.Ops;

/// <summary>The paths of the ops door. It has no credentials yet, so it answers callers on this machine only.</summary>
internal static class OpsDoor
{
    /// <summary>Who did it, as long as nobody proves who they are.</summary>
    public const string Actor = "unverified";

    public static void Map(IEndpointRouteBuilder routes, GatewayOptions options, PackageDoor packages, RolloutDoor rollouts, ClusterDoor cluster, EntityDoor entities, StateDoor state, BackupDoor backup)
    {
        routes.MapDoor("/v1/ops/packages", ("POST", Local(packages.Publish)), ("GET", Local(packages.List)));
        routes.MapDoor("/v1/ops/rollouts", ("POST", Local(rollouts.Start)));
        routes.MapDoor("/v1/ops/rollouts/{id}", ("GET", Local(rollouts.Show)));
        routes.MapDoor("/v1/ops/rollouts/{id}/abort", ("POST", Local(rollouts.Abort)));
        routes.MapDoor("/v1/ops/undo", ("POST", Local(rollouts.Undo)));
        routes.MapDoor("/v1/ops/releases", ("GET", Local(rollouts.History)));
        routes.MapDoor("/v1/ops/status", ("GET", Local(cluster.Status)));
        routes.MapDoor("/v1/ops/entities", ("GET", Local(entities.List)));
        routes.MapDoor("/v1/ops/entities/{kind}/{key}", ("GET", Local(entities.Show)));
        routes.MapDoor("/v1/ops/quarantine", ("GET", Local(entities.Quarantined)));
        routes.MapDoor("/v1/ops/quarantine/{kind}/{key}/retry", ("POST", Local(entities.Retry)));
        routes.MapDoor("/v1/ops/quarantine/{kind}/{key}/restore", ("POST", Local(entities.Restore)));
        routes.MapDoor("/v1/ops/quarantine/{kind}/{key}/discard", ("POST", Local(entities.Discard)));
        routes.MapDoor("/v1/ops/state/export", ("GET", Local(state.Export)));
        routes.MapDoor("/v1/ops/state/import", ("POST", Local(state.Import)));
        routes.MapDoor("/v1/ops/state/check", ("GET", Local(state.Check)));
        routes.MapDoor("/v1/ops/backup", ("GET", Local(backup.Copy)));
        routes.MapDoor("/v1/ops/events", ("GET", Local(cluster.Events)));
        routes.MapDoor("/v1/ops/silos/{id}/kill", ("POST", Local(options.DevelopmentHost ? cluster.Kill : NoKilling)));
        routes.MapNotFound("/v1/ops/{**rest}");
    }

    static Task NoKilling(HttpContext context) => ProblemWriter.Write(context, ErrorCodes.Forbidden, "Silos are killed on development hosts only.",
        "Start the host with ASPNETCORE_ENVIRONMENT=Development and on addresses of this machine only.");

    static RequestDelegate Local(RequestDelegate handle) => context => LocalCaller.WhyNot(context) is { } why
        ? ProblemWriter.Write(context, ErrorCodes.Forbidden, $"The ops door has no credentials yet, so it answers callers on its own machine only; {why}.",
            "Call it from the host's machine through http://localhost.")
        : handle(context);
}
