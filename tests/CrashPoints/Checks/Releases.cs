using System.Security.Cryptography;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.CrashPoints.Play;
using Evergrain.Host;

namespace Evergrain.CrashPoints.Checks;

/// <summary>Holds the cluster record, rollouts and packages against what operators were told.</summary>
internal static class Releases
{
    /// <summary>As the doors of the host show them, after a crash.</summary>
    public static async Task<IReadOnlyList<string>> Wrong(OpsClient ops, Journal journal)
    {
        var wrong = new List<string>();
        var status = await ops.Status();
        if (status.Epoch < journal.Epoch) wrong.Add($"epoch {journal.Epoch} was seen, and the record is at {status.Epoch}");
        foreach (var id in journal.Accepted)
        {
            try
            {
                var rollout = await ops.Rollout(id);
                if (rollout.Phase is not (RolloutPhase.Permanent or RolloutPhase.Aborted)) wrong.Add($"rollout {id} is {rollout.Phase}, and none runs");
                if (journal.Permanent.TryGetValue(id, out var epoch) && (rollout.Phase != RolloutPhase.Permanent || rollout.Epoch != epoch))
                    wrong.Add($"rollout {id} was permanent at epoch {epoch}, and is {rollout.Phase} at {rollout.Epoch}");
            }
            catch (OpsRefusedException unknown)
            {
                wrong.Add($"rollout {id} was accepted: {unknown.Message}");
            }
        }
        var packages = (await ops.Packages()).ToDictionary(package => package.Version, package => package.Digest);
        wrong.AddRange(journal.Published.Where(package => packages.GetValueOrDefault(package.Key) != package.Value).Select(package => $"vault@{package.Key} was published, and its package is not there"));
        var epochs = (await ops.History()).Select(release => release.Epoch).ToList();
        for (var i = 1; i < epochs.Count; i++)
            if (epochs[i] != epochs[i - 1] - 1) wrong.Add($"the history goes from epoch {epochs[i]} to {epochs[i - 1]}");
        return wrong;
    }

    /// <summary>As they stand in the store itself.</summary>
    public static async Task<IReadOnlyList<string>> Wrong(HostStores stores, Journal journal)
    {
        var wrong = new List<string>();
        var record = await stores.Cluster.Read(default);
        if (record.Epoch < journal.Epoch) wrong.Add($"epoch {journal.Epoch} was seen, and {record.Epoch} is stored");
        if (record.Rollout is { Ended: false } running) wrong.Add($"rollout {running.Id} is stored as {running.Phase}");
        var history = await stores.Cluster.History(default);
        wrong.AddRange(journal.Permanent.Where(rollout => history.Release(rollout.Value) is null).Select(rollout => $"the release of epoch {rollout.Value} is not stored"));
        foreach (var digest in record.Release.Packages.Select(package => package.Digest).Concat(journal.Published.Values).Distinct())
            if (await stores.Packages.Read(digest, default) is not { } bytes || Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) != digest) wrong.Add($"the package {digest} is not stored as it was published");
        return wrong;
    }
}
