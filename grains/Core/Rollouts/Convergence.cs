using Evergrain.Contracts;
using Evergrain.Contracts.Ops;

namespace Evergrain.Core.Rollouts;

/// <summary>Brings a silo's modules toward a record. Belongs to the agent's lane.</summary>
internal sealed class Convergence(string silo, SiloAgentPorts ports, SiloAgentOptions options, Action changed)
{
    // By rollout: at most the one that runs and the one that made a release which this silo has yet to serve.
    readonly Dictionary<string, Preparation> preparations = new(StringComparer.Ordinal);

    public IReadOnlyList<PackageReport> Rows => [.. preparations.Values.SelectMany(preparation => preparation.Rows)];

    public void Toward(ClusterRecord record)
    {
        var release = record.Release;
        var running = record.Rollout is { Prepares: true } rollout ? rollout : null;
        DropAllBut(running?.Id, Behind(record) ? release.RolloutId : null);
        if (Behind(record)) CatchUp(release);
        if (!Behind(record)) DropAllBut(running?.Id, null);
        if (running is not null) For(running.Id, PrepareOrder.Of(running, release)).Drive(running.PrepareRetries);
        ports.Modules.Keep([.. release.Packages.Union(running?.Packages ?? [])]);
    }

    /// <summary>Gives up whatever is being prepared.</summary>
    public void End() => DropAllBut(null, null);

    bool Behind(ClusterRecord record) => record.Epoch > ports.Modules.Epoch;

    // A silo that prepared the release as a rollout has it ready, and activates at its first look after the commit.
    void CatchUp(Release release)
    {
        var preparation = For(release.RolloutId, PrepareOrder.Of(release));
        preparation.Drive(retries: null);
        if (!preparation.Prepared) return;
        try
        {
            ports.Modules.Activate(release.Epoch, release.Packages, release.Migrators);
        }
        catch (Exception failure)
        {
            preparation.Reject(new Finding("rollout/activate-failed", $"epoch {release.Epoch}", $"Activating ended with {failure.GetType().Name}: {failure.Message}", "Look at the silo's log."));
            return;
        }
        ports.Activated(release.Epoch);
        ports.Events(new OpsEvent("silo", ports.Time.GetUtcNow(), $"{silo} serves epoch {release.Epoch}.") { Silo = silo, Epoch = release.Epoch });
    }

    Preparation For(string rolloutId, PrepareOrder order)
    {
        if (!preparations.TryGetValue(rolloutId, out var preparation))
            preparations[rolloutId] = preparation = new Preparation(order, ports.Modules, options, ports.Time, changed);
        return preparation;
    }

    void DropAllBut(string? one, string? other)
    {
        foreach (var (id, preparation) in preparations.Where(entry => entry.Key != one && entry.Key != other).ToList())
        {
            preparations.Remove(id);
            preparation.Dispose();
        }
    }
}
