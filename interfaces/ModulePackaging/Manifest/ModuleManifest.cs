using System.Text.Json;
using System.Text.Json.Serialization;
using Evergrain.Contracts;

namespace Evergrain.ModulePackaging;

/// <summary><c>module.json</c>: what a package says of itself, so that a cluster can judge it without running it. Immutable.</summary>
public sealed record ModuleManifest
{
    /// <summary>The one format that this code writes and reads.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;
    public required PackageType Type { get; init; }

    /// <summary>A lower-case letter, then lower-case letters, digits or <c>-</c>; at most 32 characters.</summary>
    public required string Name { get; init; }

    /// <summary>SemVer 2.0.</summary>
    public required string Version { get; init; }

    /// <summary>The SDK contracts that the module can run under; null for a data set.</summary>
    public ContractRange? Sdk { get; init; }

    /// <summary>Simple name of the assembly in <c>lib/</c> that holds the module; null for a data set.</summary>
    public string? EntryAssembly { get; init; }

    /// <summary>Full name of the type derived from <c>GameModule</c>; null for a data set.</summary>
    public string? EntryType { get; init; }

    public IReadOnlyList<SliceManifest> Slices { get; init; } = [];
    public IReadOnlyList<OperationManifest> Operations { get; init; } = [];
    public IReadOnlyList<NamedSchema> Events { get; init; } = [];

    /// <summary>Operations of other modules that this one calls.</summary>
    public IReadOnlyList<string> Uses { get; init; } = [];

    /// <summary>Data sets that the module reads, each with the JSON schema that it expects.</summary>
    public IReadOnlyList<NamedSchema> DataSets { get; init; } = [];

    /// <summary>The files in <c>samples/</c>, such as <c>samples/cast.json</c>; null where there are none.</summary>
    public IReadOnlyList<string>? Samples { get; init; }

    /// <summary>Full method name to a hash of its code, for saying which methods changed between two versions.</summary>
    public IReadOnlyDictionary<string, string> Methods { get; init; } = new Dictionary<string, string>();

    [JsonIgnore]
    public ModuleId Id => new(Name, Version);

    /// <summary>As it stands in <c>module.json</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, PackagingJson.Default.ModuleManifest);

    /// <exception cref="JsonException">The text is no manifest.</exception>
    public static ModuleManifest FromJson(string json) =>
        JsonSerializer.Deserialize(json, PackagingJson.Default.ModuleManifest) ?? throw new JsonException("The manifest is null.");
}

/// <summary>From and to, both included.</summary>
public sealed record ContractRange(int From, int To);

/// <summary>A name with the JSON schema of what it carries; null where that is not described.</summary>
public sealed record NamedSchema(string Name, JsonElement? Schema = null);
