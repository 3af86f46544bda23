using Evergrain.Contracts.Ops;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>The cluster-wide statement of what serves, numbered by its epoch. Never changed: another release has another epoch.</summary>
public sealed record Release
{
    /// <summary>What a cluster serves before its first rollout: nothing, at epoch 0.</summary>
    public static readonly Release None = new() { Epoch = 0, Packages = [], Migrators = [], Changes = [], Actor = "", At = DateTimeOffset.UnixEpoch, RolloutId = "" };

    public required long Epoch { get; init; }

    /// <summary>Modules and data sets, one version of each name, by name.</summary>
    public required IReadOnlyList<PackageRef> Packages { get; init; }

    /// <summary>Versions that do not serve, kept loadable to bring stored slices up or down: see <see cref="MigratorPlan"/>.</summary>
    public required IReadOnlyList<PackageRef> Migrators { get; init; }

    public required IReadOnlyList<ModuleChange> Changes { get; init; }
    public required string Actor { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string RolloutId { get; init; }

    /// <summary>The epoch that this release takes back; null when it is no undo.</summary>
    public long? Undoes { get; init; }

    public ReleaseStatus ToStatus() => new()
    {
        Epoch = Epoch, Modules = [.. Packages.Select(package => package.Id)], Changes = Changes,
        Actor = Actor, Reason = Reason, At = At, RolloutId = RolloutId, Undoes = Undoes,
    };
}
