using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Embedded;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;

namespace Evergrain.Host;

/// <summary>From nothing to a game that serves: silos, the preloaded packages, and, where the store holds no release, a first one of the oldest
/// version of each.</summary>
internal static class GameStart
{
    const string Actor = "host";
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // more than a rollout needs to be aborted

    /// <returns>What keeps the game from serving; empty when it serves.</returns>
    public static async Task<IReadOnlyList<Finding>> Begin(EmbeddedCluster cluster, HostSettings settings, CancellationToken cancellation)
    {
        for (var i = 1; i <= settings.Silos; i++) await cluster.AddSilo($"silo-{i}", cancellation);
        var refused = (await cluster.Preload(settings.Packages, cancellation)).Findings;
        foreach (var finding in refused) Console.Error.WriteLine($"Not preloaded: {finding.Where}: {finding.Message}");
        var published = await cluster.Ops.Packages(cancellation);
        if (published.Count == 0) return [NoPackages(settings.Packages, refused)];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await Serve(cluster, published, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return [new("host/no-release", "the cluster record", $"No release served within {Patience.TotalSeconds:0} s.", "See whether the store of --data answers and has room, then start the host again: it goes on from there.")];
        }
    }

    static async Task<IReadOnlyList<Finding>> Serve(EmbeddedCluster cluster, IReadOnlyList<PackageReceipt> published, CancellationToken cancellation)
    {
        // A store that was used before says what serves, and a rollout that its last host did not end goes on.
        if (await Ended(cluster.Ops, cancellation) > 0) return [];

        var oldest = published.GroupBy(package => package.Name).Select(versions => versions.MinBy(package => package.Version, Comparer<string>.Create(SemanticVersion.Compare))!);
        var accepted = await cluster.Ops.StartRollout(new RolloutRequest { Modules = [.. oldest.Select(package => new ModuleId(package.Name, package.Version))], Reason = "first release" }, Actor, cancellation);
        var ended = await Ended(cluster.Ops, accepted.Id, cancellation);
        return ended.Phase == RolloutPhase.Permanent ? [] : ended.Findings;
    }

    /// <summary>Waits until no rollout runs. The epoch that serves then.</summary>
    static async Task<long> Ended(IClusterOps ops, CancellationToken cancellation)
    {
        if ((await ops.Status(cancellation)).Rollout is { } running) await Ended(ops, running.Id, cancellation);
        return (await ops.Status(cancellation)).Epoch;
    }

    static Finding NoPackages(string folder, IReadOnlyList<Finding> refused) =>
        refused.Count > 0 && refused.All(finding => finding.Code == "package/unsigned")
            ? new("host/unsigned", folder, "Outside development this host serves signed packages only, and none of these is signed.",
                "Sign them; or accept unsigned packages with --allow-unsigned, or with ASPNETCORE_ENVIRONMENT=Development on your own machine.")
            : new("host/no-packages", folder, "The folder holds no package that could be published.", "Build the game first, or name another folder with --packages.");

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
