using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;

namespace Evergrain.Host;

/// <summary>From nothing to a game that serves: silos, the preloaded packages, and a first release of the oldest version of each.</summary>
internal static class GameStart
{
    const string Actor = "host";

    /// <returns>What keeps the game from serving; empty when it serves.</returns>
    public static async Task<IReadOnlyList<Finding>> Begin(EmbeddedCluster cluster, HostSettings settings, CancellationToken cancellation)
    {
        for (var i = 1; i <= settings.Silos; i++) await cluster.AddSilo($"silo-{i}", cancellation);
        foreach (var finding in (await cluster.Preload(settings.Packages, cancellation)).Findings) Console.Error.WriteLine($"Not preloaded: {finding.Where}: {finding.Message} {finding.Next}");
        var published = await cluster.Ops.Packages(cancellation);
        if (published.Count == 0)
            return [new Finding("host/no-packages", settings.Packages, "The folder holds no package that could be published.", "Build the game first, or name another folder with --packages.")];

        var oldest = published.GroupBy(package => package.Name).Select(versions => versions.MinBy(package => package.Version, Comparer<string>.Create(SemanticVersion.Compare))!);
        var accepted = await cluster.Ops.StartRollout(new RolloutRequest { Modules = [.. oldest.Select(package => new ModuleId(package.Name, package.Version))], Reason = "first release" }, Actor, cancellation);
        var ended = await Ended(cluster.Ops, accepted.Id, cancellation);
        return ended.Phase == RolloutPhase.Permanent ? [] : ended.Findings;
    }

    /// <summary>Waits until a rollout is over.</summary>
    public static async Task<RolloutStatus> Ended(IClusterOps ops, string id, CancellationToken cancellation)
    {
        while (true)
        {
            var status = await ops.Rollout(id, cancellation);
            if (status.Phase is RolloutPhase.Permanent or RolloutPhase.Aborted) return status;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }
    }
}
