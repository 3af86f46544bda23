using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;

namespace Evergrain.ModuleSdk;

/// <summary>What a module's <see cref="GameModule.Configure"/> came to. Immutable; it belongs to the module's load context, so a silo
/// drops it before it unloads.</summary>
public sealed class ModuleDefinition
{
    internal ModuleDefinition() { }

    public required string Name { get; init; }
    public required string Version { get; init; }
    public required IReadOnlyList<SliceDefinition> Slices { get; init; }

    /// <summary>Operations of other modules that this one calls, <c>module.operation</c>.</summary>
    public required IReadOnlyList<string> Uses { get; init; }

    /// <summary>Data sets that this module reads, by name.</summary>
    public required IReadOnlyList<string> DataSets { get; init; }

    /// <summary>The type that each data set is read as, for describing it in the package.</summary>
    public IReadOnlyDictionary<string, JsonTypeInfo> DataSetTypes { get; init; } = FrozenDictionary<string, JsonTypeInfo>.Empty;

    /// <summary>What the module's slices publish, <c>module.event</c>, for describing it in the package.</summary>
    public IReadOnlyDictionary<string, JsonTypeInfo> EventTypes { get; init; } = FrozenDictionary<string, JsonTypeInfo>.Empty;
}
