using Evergrain.Core.Rehearsals;
using Evergrain.Runtime;

namespace Evergrain.Core.Rollouts;

/// <summary>What a silo is to get ready together. Immutable.</summary>
/// <param name="Packages">The whole release.</param>
/// <param name="Migrators">Versions that it keeps loadable beside them.</param>
/// <param name="Serving">What the cluster serves meanwhile.</param>
/// <param name="OneWay">The operator accepts that states may not be able to go back.</param>
internal sealed record PrepareOrder(IReadOnlyList<PackageRef> Packages, IReadOnlyList<PackageRef> Migrators, IReadOnlyList<PackageRef> Serving, bool OneWay)
{
    /// <summary>What the findings of trying the live state on it mean; null where that is not tried.</summary>
    public RehearsalRule? Rehearsal { get; init; }

    public static PrepareOrder Of(Rollout rollout, Release serving) => new(rollout.Packages, rollout.Migrators, serving.Packages, rollout.OneWay)
    {
        Rehearsal = new RehearsalRule(rollout.AcceptDifferences, Undo: rollout.Undoes is not null),
    };

    /// <summary>A release that is committed: nothing about it is judged against what was before.</summary>
    public static PrepareOrder Of(Release release) => new(release.Packages, release.Migrators, release.Packages, OneWay: true);

    public PrepareRequest For(PackageRef package) => new(package, Packages, Serving) { Migrators = Migrators, OneWay = OneWay };
}
