using Evergrain.ModuleSdk;

namespace Evergrain.ModulePackaging;

/// <summary>Describes a configured module, so that a package says what its code does.</summary>
public static class ManifestBuilder
{
    /// <param name="methods">From <see cref="MethodHashes"/>.</param>
    public static ModuleManifest Describe(ModuleDefinition definition, Type entryType, IReadOnlyDictionary<string, string> methods) => new()
    {
        Type = PackageType.Module,
        Name = definition.Name,
        Version = definition.Version,
        Sdk = new ContractRange(SdkContract.Current, SdkContract.Current),
        EntryAssembly = entryType.Assembly.GetName().Name,
        EntryType = entryType.FullName,
        Slices = [.. definition.Slices.Select(Describe).OrderBy(slice => slice.Kind, StringComparer.Ordinal)],
        Operations = [.. definition.Slices.SelectMany(Operations).OrderBy(operation => operation.Name, StringComparer.Ordinal)],
        Events = [.. definition.EventTypes.Select(pair => new NamedSchema(pair.Key, JsonShape.Describe(pair.Value)))],
        Uses = definition.Uses,
        DataSets = [.. definition.DataSetTypes.Select(pair => new NamedSchema(pair.Key, JsonShape.Describe(pair.Value)))],
        Methods = methods,
    };

    static SliceManifest Describe(SliceDefinition slice)
    {
        var shape = JsonShape.Describe(slice.StateType);
        StepManifest[] steps = [.. slice.Steps.Select(step => new StepManifest(step.From, step.To)).OrderBy(step => step.From).ThenBy(step => step.To)];
        return new SliceManifest
        {
            Kind = slice.Kind,
            Owner = slice.Owner,
            Schema = slice.Schema,
            Shape = shape,
            Fingerprint = JsonShape.Fingerprint(shape),
            Steps = steps,
            OneWay = SliceManifest.GoesOneWay(slice.Schema, steps),
            HasFrames = slice.Frame is not null,
            Secrets = slice.Secrets.Count > 0 ? slice.Secrets : null,
        };
    }

    static IEnumerable<OperationManifest> Operations(SliceDefinition slice) => slice.Operations.Values.Select(operation => new OperationManifest
    {
        Name = operation.Name,
        Kind = slice.Kind,
        Audience = operation.Audience,
        Raw = operation.Raw,
        MayAwait = operation.MayAwait,
        Arguments = operation.ArgumentsType is { } arguments ? JsonShape.Describe(arguments) : null,
        Result = operation.ResultType is { } result ? JsonShape.Describe(result) : null,
    });
}
