using Evergrain.Contracts;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Compatibility;

/// <summary>Whether states can go from the version that serves to the one that would, and back. Pure.</summary>
public static class SchemaCheck
{
    public static IReadOnlyList<Finding> Check(ModuleManifest candidate, ModuleManifest serving)
    {
        var findings = new List<Finding>();
        foreach (var slice in candidate.Slices)
            if (serving.Slices.FirstOrDefault(other => other.Kind == slice.Kind) is { } now) Check(candidate, slice, serving, now, findings);
        return [.. findings.Select(finding => finding with { Module = candidate.Id.ToString() })];
    }

    static void Check(ModuleManifest candidate, SliceManifest next, ModuleManifest serving, SliceManifest now, List<Finding> findings)
    {
        if (next.Schema == now.Schema)
        {
            // Undo compares the same two versions as the rollout did, so the lower one is always the older shape.
            var (older, newer) = SemanticVersion.Compare(candidate.Version, serving.Version) < 0 ? (next, now) : (now, next);
            if (older.Fingerprint != newer.Fingerprint) findings.AddRange(StateShape.Compare(next.Kind, older.Shape, newer.Shape));
            return;
        }
        var (upper, upperManifest) = next.Schema > now.Schema ? (next, candidate) : (now, serving);
        var lower = Math.Min(next.Schema, now.Schema);
        var goesUp = next.Schema > now.Schema;
        if (!HasStep(upper, lower, upper.Schema) && goesUp)
            findings.Add(new Finding("schema/no-step-up", next.Kind, $"{upperManifest.Id} has no migration of {next.Kind} from schema {lower}, which serves now, to {upper.Schema}.",
                $"Declare MigratesFrom({lower}, …)."));
        if (HasStep(upper, upper.Schema, lower) || (goesUp && upper.OneWay)) return;
        findings.Add(goesUp
            ? new Finding("schema/no-step-down", next.Kind, $"{upperManifest.Id} has no migration of {next.Kind} from schema {upper.Schema} back to {lower}, so it could not be undone.",
                $"Declare MigratesTo({lower}, …), or say OneWay().")
            : new Finding("schema/no-way-back", next.Kind, $"{serving.Id} cannot bring {next.Kind} from schema {upper.Schema} down to {lower}.",
                $"Roll out a version of {serving.Name} with MigratesTo({lower}, …) first."));
    }

    static bool HasStep(SliceManifest slice, int from, int to) => slice.Steps.Any(step => step.From == from && step.To == to);
}
