using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.Runtime.Migrations;

namespace Evergrain.Runtime.Compatibility;

/// <summary>Whether states can go from the version that serves to the one that would, and back, and from every schema that stored records
/// may carry: by the steps of both and of the versions that are kept loadable. Pure.</summary>
public static class SchemaCheck
{
    /// <param name="serving">Null when the module does not serve.</param>
    /// <param name="migrators">Other versions of the module whose schemas stored records may carry.</param>
    /// <param name="oneWay">The operator accepts that states may not be able to go back.</param>
    public static IReadOnlyList<Finding> Check(ModuleManifest candidate, ModuleManifest? serving, IReadOnlyList<ModuleManifest> migrators, bool oneWay)
    {
        var findings = new List<Finding>();
        foreach (var slice in candidate.Slices) new SliceCheck(candidate, slice, serving, migrators, oneWay, findings).Run();
        return [.. findings.Select(finding => finding with { Module = candidate.Id.ToString() })];
    }

    sealed class SliceCheck(ModuleManifest candidate, SliceManifest next, ModuleManifest? serving, IReadOnlyList<ModuleManifest> migrators, bool oneWay, List<Finding> findings)
    {
        readonly SliceManifest? now = serving is null ? null : Slice(serving, next.Kind);
        readonly MigrationLink<string>[] before = Links(next.Kind, [serving, .. migrators]);
        readonly MigrationLink<string>[] after = Links(next.Kind, [candidate, .. migrators]);
        readonly MigrationLink<string>[] both = Links(next.Kind, [candidate, serving, .. migrators]);

        public void Run()
        {
            if (now is not null && now.Schema == next.Schema) CheckShape(now);
            else if (now is not null) CheckWays(now.Schema);
            foreach (var schema in migrators.Select(manifest => Slice(manifest, next.Kind)?.Schema).OfType<int>().Distinct().Where(WasReadable)) CheckStored(schema);
        }

        void CheckShape(SliceManifest serves)
        {
            // Undo compares the same two versions as the rollout did, so the lower one is always the older shape.
            var (older, newer) = SemanticVersion.Compare(candidate.Version, serving!.Version) < 0 ? (next, serves) : (serves, next);
            if (older.Fingerprint != newer.Fingerprint) findings.AddRange(StateShape.Compare(next.Kind, older.Shape, newer.Shape));
        }

        void CheckWays(int serves)
        {
            if (serves < next.Schema)
            {
                NeedsUp(serves, "which serves now", both);
                if (!oneWay && Gap(next.Schema, serves, both) is { } gap)
                    findings.Add(new Finding("schema/no-step-down", next.Kind, $"No step brings {next.Kind} from schema {gap.From} down to {gap.To}{On(gap, next.Schema, serves)}, so {candidate.Id} could not be undone.",
                        $"{Declare(gap)}, or accept that the rollout goes one way."));
            }
            else NeedsDown(serves, "which serves now", both);
        }

        // What nobody can read any more is no matter of this rollout; what the serving version can still bring along must stay so.
        bool WasReadable(int schema) => schema != next.Schema && schema != now?.Schema && (now is null || MigrationPath.Find(schema, now.Schema, before) is not null);

        // The version that serves now is gone by then, unless it is kept too.
        void CheckStored(int schema)
        {
            if (schema < next.Schema) NeedsUp(schema, "which stored entities may have", after);
            else NeedsDown(schema, "which stored entities may have", after);
        }

        void NeedsUp(int from, string why, MigrationLink<string>[] links)
        {
            if (Gap(from, next.Schema, links) is { } gap)
                findings.Add(new Finding("schema/no-step-up", next.Kind, $"No step brings {next.Kind} from schema {gap.From} up to {gap.To}, on the way from {from}, {why}, to {next.Schema} of {candidate.Id}.", $"{Declare(gap)}."));
        }

        void NeedsDown(int from, string why, MigrationLink<string>[] links)
        {
            if (!oneWay && Gap(from, next.Schema, links) is { } gap)
                findings.Add(new Finding("schema/no-way-back", next.Kind, $"No step brings {next.Kind} from schema {gap.From} down to {gap.To}, on the way from {from}, {why}, to {next.Schema} of {candidate.Id}.",
                    $"Roll out a version of {candidate.Name} with that step first, or accept one way: what cannot go down is quarantined with its bytes kept."));
        }

        static (int From, int To)? Gap(int from, int to, MigrationLink<string>[] links) => MigrationPath.Find(from, to, links) is null ? MigrationPath.Gap(from, to, links) : null;

        string Declare((int From, int To) gap) =>
            gap.To == next.Schema ? $"Declare MigratesFrom({gap.From}, …)" : gap.From == next.Schema ? $"Declare MigratesTo({gap.To}, …)" : $"Declare MigratesBetween({gap.From}, {gap.To}, …)";

        static string On((int, int) gap, int from, int to) => gap == (from, to) ? "" : $", on the way from {from} to {to}";
        static SliceManifest? Slice(ModuleManifest manifest, string kind) => manifest.Slices.FirstOrDefault(slice => slice.Kind == kind);

        static MigrationLink<string>[] Links(string kind, IEnumerable<ModuleManifest?> manifests) =>
            [.. manifests.OfType<ModuleManifest>().SelectMany(manifest => (Slice(manifest, kind)?.Steps ?? []).Select(step => new MigrationLink<string>(step.From, step.To, manifest.Version)))];
    }
}
