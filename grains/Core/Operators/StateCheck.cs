using System.Text.Json;
using Evergrain.Contracts;
using Evergrain.Contracts.Ops;
using Evergrain.Core.Rollouts;
using Evergrain.Core.State;
using Evergrain.ModulePackaging;
using Evergrain.Runtime;
using Evergrain.Runtime.Compatibility;
using Evergrain.Runtime.Migrations;

namespace Evergrain.Core.Operators;

/// <summary>Whether a record would load under a release, as far as the published manifests tell: no code runs. A step that throws is found by the
/// rehearsal of a rollout, or by the entity itself. Immutable; safe from any thread.</summary>
public sealed class StateCheck
{
    // Of one state: enough to see what is wrong.
    const int MostOfOne = 3;

    readonly Release release;
    readonly Dictionary<(string Module, string Version, string Kind), SliceManifest> slices;
    readonly Dictionary<(string Module, string Kind), (string Version, SliceManifest Slice)> serving = [];
    readonly HashSet<string> owned;

    public StateCheck(Release release, IReadOnlyList<PublishedPackage> published)
    {
        this.release = release;
        slices = published.SelectMany(package => package.Manifest.Slices.Select(slice => (package.Ref, Slice: slice))).ToDictionary(one => (one.Ref.Name, one.Ref.Version, one.Slice.Kind), one => one.Slice);
        foreach (var ((module, version, kind), slice) in slices)
            if (release.Packages.Any(package => package.Name == module && package.Version == version)) serving[(module, kind)] = (version, slice);
        owned = [.. serving.Where(one => one.Value.Slice.Owner is not null).Select(one => one.Key.Kind)];
    }

    /// <summary>Everything that keeps the record from loading; none where it loads.</summary>
    public IEnumerable<Finding> Check(EntityRecord record)
    {
        if (!record.Created) return [];
        if (!owned.Contains(record.Id.Kind)) return [Problem(record.Id, "unknown-kind", $"No module of the serving release owns the kind {record.Id.Kind}.", "Roll out the module that owns it; until then the record stays as it is.", null)];
        return record.Slices.SelectMany(slice => Check(record.Id, slice));
    }

    /// <summary>Slices of modules that do not serve this kind: they are kept as bytes.</summary>
    public int Kept(EntityRecord record) => record.Slices.Count(slice => !serving.ContainsKey((slice.Module, record.Id.Kind)));

    public static Finding Unreadable(UnreadableRecord record) =>
        Problem(record.Id, "unreadable", $"The record of {record.Id} cannot be read: {record.Why}", "Import it from an export, restore a backup, or discard it.", null);

    IEnumerable<Finding> Check(EntityId id, SliceRecord slice)
    {
        if (!serving.TryGetValue((slice.Module, id.Kind), out var serves)) return [];
        var wroteIt = $"{slice.Module}@{slice.Version}";
        if (slice.Schema != serves.Slice.Schema && MigrationPath.Find(slice.Schema, serves.Slice.Schema, Links(id.Kind, slice, serves)) is null)
        {
            var gap = MigrationPath.Gap(slice.Schema, serves.Slice.Schema, Links(id.Kind, slice, serves));
            return [Problem(id, "no-step", $"The state of {slice.Module} in {id} has schema {slice.Schema}, {slice.Module}@{serves.Version} reads {serves.Slice.Schema}, and no step leads from {gap.From} to {gap.To}.",
                "Roll out a version with that step; the record stays as it is.", wroteIt)];
        }
        return Shape(id.Kind, slice) is { } shape ? Fits(id, slice, shape, wroteIt) : [];
    }

    static IEnumerable<Finding> Fits(EntityId id, SliceRecord slice, JsonElement shape, string wroteIt)
    {
        const string Next = "Import the entity from an export, or mend the module that wrote it.";
        JsonElement state;
        try
        {
            using var parsed = JsonDocument.Parse(slice.Bytes);
            state = parsed.RootElement.Clone();
        }
        catch (JsonException malformed)
        {
            return [Problem(id, "not-json", $"The state of {slice.Module} in {id} is no JSON: {malformed.Message}", Next, wroteIt)];
        }
        return JsonFit.Check(slice.Module, state, shape, MostOfOne).Select(wrong => Problem(id, "shape", $"The state of {slice.Module} in {id} is not of schema {slice.Schema}: {wrong.Message}", Next, wroteIt));
    }

    // Of the version that wrote it; where that is not published, of any with the same schema.
    JsonElement? Shape(string kind, SliceRecord slice) =>
        slices.TryGetValue((slice.Module, slice.Version, kind), out var own) && own.Schema == slice.Schema ? own.Shape
        : slices.Where(one => one.Key.Module == slice.Module && one.Key.Kind == kind && one.Value.Schema == slice.Schema).Select(one => (JsonElement?)one.Value.Shape).FirstOrDefault();

    // As a silo would find them: the version that serves, those that are kept loadable, and the one that wrote it.
    MigrationLink<string>[] Links(string kind, SliceRecord slice, (string Version, SliceManifest Slice) serves)
    {
        var versions = release.Migrators.Where(package => package.Name == slice.Module).Select(package => package.Version).Append(slice.Version).Append(serves.Version).Distinct(StringComparer.Ordinal);
        return [.. versions.SelectMany(version => slices.TryGetValue((slice.Module, version, kind), out var found) ? found.Steps.Select(step => new MigrationLink<string>(step.From, step.To, version)) : [])];
    }

    static Finding Problem(EntityId id, string code, string message, string next, string? module) => new($"state/{code}", id.ToString(), message, next) { Module = module };
}
