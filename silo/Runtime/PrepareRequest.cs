namespace Evergrain.Runtime;

/// <summary>What is to be prepared, and for which company. Immutable.</summary>
internal sealed class PrepareRequest(PackageRef package, IReadOnlyList<PackageRef> release, IReadOnlyList<PackageRef> serving)
{
    public PackageRef Package { get; } = package;

    /// <summary>What would serve together.</summary>
    public IReadOnlyList<PackageRef> Release { get; } = [.. release];

    /// <summary>What serves now.</summary>
    public IReadOnlyList<PackageRef> Serving { get; } = [.. serving];

    /// <summary>Only to bring slices up or down: it is judged against nothing.</summary>
    public bool IsMigrator { get; init; }

    /// <summary>Whether one preparation serves both.</summary>
    public bool IsAs(PrepareRequest other) =>
        IsMigrator == other.IsMigrator && Release.ToHashSet().SetEquals(other.Release) && Serving.ToHashSet().SetEquals(other.Serving);
}
