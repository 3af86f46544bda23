using Evergrain.Runtime.Migrations;

namespace Evergrain.Core.Entities;

/// <summary>A slice that the versions at hand cannot bring to the serving schema by themselves.</summary>
/// <param name="WrittenBy">The version that wrote the slice: the first to be asked for steps.</param>
/// <param name="AtHand">The steps that need not be fetched.</param>
public sealed record MigrationNeed(string Module, string Kind, string WrittenBy, int From, int To, IReadOnlyList<(int From, int To)> AtHand)
{
    /// <summary>Which of these versions complete the way, in the order of their steps; empty when they cannot either. Pure.</summary>
    /// <param name="versions">By preference, each with its steps.</param>
    public IReadOnlyList<T> Choose<T>(IEnumerable<(T Version, IEnumerable<(int From, int To)> Steps)> versions) where T : class
    {
        var atHand = AtHand.Select(step => new MigrationLink<T?>(step.From, step.To, null));
        var others = versions.SelectMany(version => version.Steps.Select(step => new MigrationLink<T?>(step.From, step.To, version.Version)));
        return [.. (MigrationPath.Find(From, To, atHand.Concat(others)) ?? []).Select(link => link.By).OfType<T>().Distinct()];
    }
}
