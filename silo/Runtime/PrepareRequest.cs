namespace Evergrain.Runtime;

/// <summary>What is to be prepared, and for which company. Immutable.</summary>
/// <param name="package">The package in question.</param>
/// <param name="release">Everything that would serve together, the package included.</param>
/// <param name="serving">What the cluster serves now: states must be able to go from there to the package and back. This silo may serve
/// nothing yet, or an older release.</param>
public sealed class PrepareRequest(PackageRef package, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> serving)
{
    public PackageRef Package { get; } = package;
    public IReadOnlyList<PackageRef> Release { get; } = [.. release];
    public IReadOnlyList<PackageRef> Serving { get; } = [.. serving];

    /// <summary>Versions that the release would keep loadable: stored records may carry their schemas, and their steps may be part of a way.</summary>
    public IReadOnlyList<PackageRef> Migrators { get; init; } = [];

    /// <summary>The operator accepts that states may not be able to go back.</summary>
    public bool OneWay { get; init; }

    /// <summary>Only to bring slices up or down: it is judged against nothing.</summary>
    internal bool IsMigrator { get; init; }

    /// <summary>Whether one preparation serves both.</summary>
    internal bool IsAs(PrepareRequest other) =>
        IsMigrator == other.IsMigrator && OneWay == other.OneWay && Release.ToHashSet().SetEquals(other.Release) && Serving.ToHashSet().SetEquals(other.Serving)
        && Migrators.ToHashSet().SetEquals(other.Migrators);
}
