using Evergrain.Contracts;
using Evergrain.ModulePackaging;
using Evergrain.ModuleSdk;

namespace Evergrain.Runtime.Loading;

/// <summary>The cluster judged the manifest; so the code must be what the manifest says.</summary>
internal static class DefinitionCheck
{
    public static IReadOnlyList<Finding> Compare(ModuleManifest manifest, Type entry, ModuleDefinition definition)
    {
        var findings = new List<Finding>();
        if (entry.FullName != manifest.EntryType) Add(findings, "entryType", $"is {entry.FullName} in the code and {manifest.EntryType} in the manifest");
        Same(findings, "slices", definition.Slices.Select(Text), manifest.Slices.Select(Text));
        Same(findings, "operations", definition.Slices.SelectMany(slice => slice.Operations.Values.Select(operation => Text(slice.Kind, operation))), manifest.Operations.Select(Text));
        Same(findings, "uses", definition.Uses, manifest.Uses);
        Same(findings, "dataSets", definition.DataSets, manifest.DataSets.Select(set => set.Name));
        Same(findings, "events", definition.EventTypes.Keys, manifest.Events.Select(gameEvent => gameEvent.Name));
        return findings;
    }

    static string Text(SliceDefinition slice) => Text(slice.Kind, slice.Owner, slice.Schema, slice.Steps.Select(step => (step.From, step.To)));
    static string Text(SliceManifest slice) => Text(slice.Kind, slice.Owner, slice.Schema, slice.Steps.Select(step => (step.From, step.To)));

    static string Text(string kind, KindOptions? owner, int schema, IEnumerable<(int From, int To)> steps) =>
        $"{kind} schema {schema} steps [{string.Join(' ', steps.Order().Select(step => $"{step.From}>{step.To}"))}] {(owner is null ? "extends" : owner)}";

    static string Text(string kind, OperationDefinition operation) => $"{operation.Name} on {kind} {operation.Audience} raw {operation.Raw} awaits {operation.MayAwait}";
    static string Text(OperationManifest operation) => $"{operation.Name} on {operation.Kind} {operation.Audience} raw {operation.Raw} awaits {operation.MayAwait}";

    static void Same(List<Finding> findings, string what, IEnumerable<string> code, IEnumerable<string> manifest)
    {
        var (inCode, inManifest) = (code.ToHashSet(), manifest.ToHashSet());
        foreach (var only in inCode.Except(inManifest).Order(StringComparer.Ordinal)) Add(findings, what, $"has '{only}' in the code and not in the manifest");
        foreach (var only in inManifest.Except(inCode).Order(StringComparer.Ordinal)) Add(findings, what, $"has '{only}' in the manifest and not in the code");
    }

    static void Add(List<Finding> findings, string what, string message) =>
        findings.Add(new Finding("module/manifest-disagrees", what, $"The module's {what} {message}.", "Build the package again; Configure must not depend on where it runs."));
}
