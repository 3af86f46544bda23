using Evergrain.Contracts;
using Evergrain.Runtime.Migrations;

namespace Evergrain.Core.Rollouts;

/// <summary>Which states a change of release would bring to where they cannot come back from, or could not bring along at all. Pure.</summary>
internal static class OneWayCheck
{
    /// <param name="migrators">Versions that the next release would keep loadable: their steps count too.</param>
    /// <returns>One finding for each slice; empty when everything can go both ways.</returns>
    public static IReadOnlyList<Finding> Of(IReadOnlyList<ReleasePackage> next, IReadOnlyList<ReleasePackage> serving, IReadOnlyList<ReleasePackage> migrators)
    {
        var findings = new List<Finding>();
        foreach (var after in next)
        {
            if (serving.FirstOrDefault(package => package.Ref.Name == after.Ref.Name) is not { } before || before.Ref == after.Ref) continue;
            foreach (var slice in after.Slices)
                if (before.Slices.FirstOrDefault(other => other.Kind == slice.Kind) is { } now && Gap(slice, now, [after, before, .. migrators.Where(package => package.Ref.Name == after.Ref.Name)]) is { } gap)
                    findings.Add(slice.Schema > now.Schema ? CouldNotComeBack(after, slice, now, gap) : CannotComeDown(after, before, slice, now, gap));
        }
        return findings;
    }

    // The step that is missing on the way down between the two schemas; null when none is.
    static (int From, int To)? Gap(SliceSchema next, SliceSchema now, IEnumerable<ReleasePackage> versions)
    {
        var (upper, lower) = (Math.Max(next.Schema, now.Schema), Math.Min(next.Schema, now.Schema));
        var links = versions.SelectMany(version => version.Slices.Where(slice => slice.Kind == next.Kind))
            .SelectMany(slice => slice.Steps).Select(step => new MigrationLink<byte>(step.From, step.To, 0)).ToArray();
        return MigrationPath.Find(upper, lower, links) is null ? MigrationPath.Gap(upper, lower, links) : null;
    }

    static Finding CouldNotComeBack(ReleasePackage after, SliceSchema slice, SliceSchema now, (int From, int To) gap) => new(ErrorCodes.OneWay, slice.Kind,
        $"{after.Ref} brings {slice.Kind} from schema {now.Schema} to {slice.Schema}, and no step leads from {gap.From} down to {gap.To}: an undo would leave every entity that it wrote quarantined, with its bytes kept.",
        $"Publish a version with MigratesTo({gap.To}, …), or accept it: --one-way, \"oneWay\": true.") { Module = after.Ref.ToString() };

    static Finding CannotComeDown(ReleasePackage after, ReleasePackage before, SliceSchema slice, SliceSchema now, (int From, int To) gap) => new(ErrorCodes.OneWay, slice.Kind,
        $"No step leads from schema {gap.From} of {slice.Kind} down to {gap.To}, so {before.Ref} cannot be taken back to {after.Ref} whole: entities of schema {now.Schema} keep their bytes and answer "
        + $"{ErrorCodes.EntityQuarantined} until a version of schema {now.Schema} serves again; those that it has not written go on.",
        $"Roll out a version of {after.Ref.Name} with the step down instead, or accept it: --one-way, \"oneWay\": true.") { Module = after.Ref.ToString() };
}
