using System.Collections.Frozen;
using Evergrain.Contracts;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Migrations;

/// <summary>What one version can bring a slice through. The chains from and to its own schema are found once, when its slot is loaded.
/// Immutable; it belongs to the slot and goes with it.</summary>
public sealed class MigrationPaths
{
    readonly FrozenDictionary<(int From, int To), MigrationChain> chains;

    MigrationPaths(IReadOnlyList<MigrationLink<VersionStep>> links, FrozenDictionary<(int, int), MigrationChain> chains) => (Links, this.chains) = (links, chains);

    /// <summary>Every step that the version has.</summary>
    public IReadOnlyList<MigrationLink<VersionStep>> Links { get; }

    public static MigrationPaths Of(ModuleId version, SliceDefinition slice)
    {
        MigrationLink<VersionStep>[] links = [.. slice.Steps.Select(step => new MigrationLink<VersionStep>(step.From, step.To, new VersionStep(version, step)))];
        var others = links.SelectMany(link => new[] { link.From, link.To }).Where(schema => schema != slice.Schema).Distinct();
        var ends = others.SelectMany(schema => new[] { (From: schema, To: slice.Schema), (From: slice.Schema, To: schema) });
        var chains = new Dictionary<(int, int), MigrationChain>();
        foreach (var end in ends)
            if (MigrationPath.Find(end.From, end.To, links) is { } path) chains[end] = Chain(path);
        return new MigrationPaths(links, chains.ToFrozenDictionary());
    }

    /// <summary>Null when the version cannot by itself.</summary>
    public MigrationChain? Find(int from, int to) => chains.GetValueOrDefault((from, to));

    /// <summary>The way by the steps of several versions, those of the first before the others'; by one alone where that can.</summary>
    /// <exception cref="MigrationFailedException">No way leads there; it names the step that is missing.</exception>
    public static MigrationChain Join(int from, int to, params IReadOnlyList<MigrationPaths> versions)
    {
        foreach (var version in versions)
            if (version.Find(from, to) is { } alone) return alone;
        var links = versions.SelectMany(version => version.Links).ToArray();
        if (MigrationPath.Find(from, to, links) is { } path) return Chain(path);
        var gap = MigrationPath.Gap(from, to, links);
        throw new MigrationFailedException($"no step leads from schema {gap.From} to {gap.To}{(gap == (from, to) ? "" : $", on the way from {from} to {to}")}.");
    }

    static MigrationChain Chain(IReadOnlyList<MigrationLink<VersionStep>> path) => new([.. path.Select(link => link.By)]);
}
