using Evergrain.Contracts;
using Evergrain.ModulePackaging;

namespace Evergrain.Runtime.Compatibility;

/// <summary>Whether a package fits those that would serve with it. Pure.</summary>
public static class ReleaseCheck
{
    /// <param name="candidate">The package in question.</param>
    /// <param name="release">Everything that would serve together, the candidate included or not.</param>
    public static IReadOnlyList<Finding> Check(ModuleManifest candidate, IReadOnlyList<ModuleManifest> release)
    {
        var findings = new List<Finding>();
        var others = release.Where(manifest => manifest.Id != candidate.Id).ToArray();
        foreach (var twin in others.Where(other => other.Name == candidate.Name))
            Add("module-twice", candidate.Name, $"The release has {candidate.Name} twice, as {candidate.Version} and as {twin.Version}.", "Name one version of each module.");
        foreach (var other in others) CheckAgainst(other);
        foreach (var slice in candidate.Slices.Where(slice => slice.Owner is null && !others.Any(other => Owns(other, slice.Kind))))
            Add("kind-not-owned", slice.Kind, $"{candidate.Id} adds a slice to the kind {slice.Kind}, which no module of the release owns.", "Roll out the module that owns the kind with it.");
        foreach (var operation in candidate.Uses.Where(operation => !release.Append(candidate).Any(manifest => Offers(manifest, operation))))
            Add("operation-missing", operation, $"{candidate.Id} calls {operation}, which no module of the release offers.", "Roll out a version of its module that offers it, or take the call out.");
        foreach (var set in candidate.DataSets.Where(set => !others.Any(other => other.Type == PackageType.Data && other.Name == set.Name)))
            Add("data-missing", set.Name, $"{candidate.Id} reads the data set {set.Name}, which is not in the release.", "Roll out the data set with it.");
        return findings;

        void CheckAgainst(ModuleManifest other)
        {
            foreach (var operation in candidate.Operations.Where(operation => Offers(other, operation.Name)))
                Add("operation-claimed-twice", operation.Name, $"{candidate.Id} and {other.Id} both claim the operation {operation.Name}.", "Rename one of them.");
            foreach (var slice in candidate.Slices.Where(slice => slice.Owner is not null && Owns(other, slice.Kind)))
                Add("kind-owned-twice", slice.Kind, $"{candidate.Id} and {other.Id} both own the kind {slice.Kind}.", "Let one own it and the other extend it.");
            // What the candidate takes away from those that stay.
            if (other.Name != candidate.Name)
                foreach (var operation in other.Uses.Where(operation => operation.StartsWith($"{candidate.Name}.", StringComparison.Ordinal) && !Offers(candidate, operation)))
                    Add("operation-missing", operation, $"{other.Id} calls {operation}, which {candidate.Id} does not offer.", $"Keep the operation, or roll out a {other.Name} that does without it.");
        }

        void Add(string code, string where, string message, string next) =>
            findings.Add(new Finding($"release/{code}", where, message, next) { Module = candidate.Id.ToString() });
    }

    static bool Offers(ModuleManifest manifest, string operation) => manifest.Operations.Any(offered => offered.Name == operation);
    static bool Owns(ModuleManifest manifest, string kind) => manifest.Slices.Any(slice => slice.Kind == kind && slice.Owner is not null);
}
