using System.Text.Json.Serialization;

namespace Evergrain.ModulePackaging;

/// <summary>What a package carries.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PackageType>))]
public enum PackageType
{
    /// <summary>Code: assemblies in <c>lib/</c>.</summary>
    [JsonStringEnumMemberName("module")] Module,

    /// <summary>A data set: <c>data.json</c>, no code.</summary>
    [JsonStringEnumMemberName("data")] Data,
}
